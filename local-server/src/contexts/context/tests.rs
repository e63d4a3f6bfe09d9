use super::super::status::{CommandStatus, ContextStatus};
use super::{Context, Language, Quirks, Results, ServiceError, Task};
use crate::capture::Captured;
use crate::limits;

fn pending() -> Context {
    Context::new(
        "1".to_owned(),
        "batVenom".to_owned(),
        Language::Python,
        Quirks::default(),
    )
}

fn context() -> Context {
    let context = pending();
    context.mark_ready();
    context
}

fn submit(context: &Context, source: &str) -> Result<String, ServiceError> {
    context.submit(source.to_owned(), Language::Python)
}

fn text(text: &str) -> Results {
    Results::text(Captured::whole(text.to_owned()))
}

fn run_next(context: &Context) -> String {
    match context.next_task() {
        Task::Run { id, .. } => id,
        other => panic!("expected a command to run: {other:?}"),
    }
}

#[test]
fn commands_are_queued_until_the_interpreter_is_ready() {
    let context = pending();
    let id = submit(&context, "1").unwrap();
    assert!(matches!(context.next_task(), Task::Wait));
    context.mark_ready();
    assert_eq!(run_next(&context), id);
}

#[test]
fn one_command_runs_at_a_time() {
    let context = context();
    let first = submit(&context, "1").unwrap();
    let second = submit(&context, "2").unwrap();
    assert_eq!(run_next(&context), first);
    assert!(matches!(context.next_task(), Task::Wait));
    context.finish(&first, text("1"));
    assert_eq!(run_next(&context), second);
}

#[test]
fn output_is_available_while_the_command_runs() {
    let context = context();
    let id = submit(&context, "1").unwrap();
    let Task::Run { capture, .. } = context.next_task() else {
        panic!("expected a command to run");
    };
    assert!(matches!(
        context.command(&id),
        Ok((CommandStatus::Running, None))
    ));
    capture.append(b"a\n");
    let (_, results) = context.command(&id).unwrap();
    let json = serde_json::to_string(&results.as_deref()).unwrap();
    assert_eq!(json, r#"{"data":"a\n","resultType":"text"}"#);
    context.cancel(&id).unwrap();
    assert!(matches!(
        context.command(&id),
        Ok((CommandStatus::Cancelling, None))
    ));
}

#[test]
fn cancel_is_forwarded_once() {
    let context = context();
    let id = submit(&context, "1").unwrap();
    run_next(&context);
    context.cancel(&id).unwrap();
    assert!(matches!(context.next_task(), Task::Interrupt(of) if of == id));
    context.cancel(&id).unwrap();
    assert!(matches!(context.next_task(), Task::Wait));
    assert_eq!(context.command(&id).unwrap().0, CommandStatus::Cancelling);
}

#[test]
fn results_of_another_command_are_ignored() {
    let context = context();
    let id = submit(&context, "1").unwrap();
    run_next(&context);
    context.finish("another", text(""));
    assert_eq!(context.command(&id).unwrap().0, CommandStatus::Running);
}

#[test]
fn exit_of_the_interpreter_finishes_all_commands() {
    let context = context();
    let ids = ["1", "2"].map(|source| submit(&context, source).unwrap());
    run_next(&context);
    context.fail("It crashed.".to_owned());
    for id in ids {
        assert_eq!(context.command(&id).unwrap().0, CommandStatus::Finished);
    }
    assert_eq!(context.status(), ContextStatus::Error);
    let error = submit(&context, "3").unwrap_err();
    assert!(matches!(error, ServiceError::ContextFailed { .. }));
}

#[test]
fn command_in_another_language_is_rejected() {
    let context = context();
    let error = context.submit("1".to_owned(), Language::R).unwrap_err();
    assert!(matches!(
        error,
        ServiceError::OtherLanguage {
            context: Language::Python,
            command: Language::R
        }
    ));
    let id = context.submit("1".to_owned(), Language::Sql).unwrap();
    assert!(matches!(
        context.next_task(),
        Task::Run { id: run, language: Language::Sql, .. } if run == id
    ));
}

#[test]
fn queue_is_bounded_by_number_and_by_size() {
    let context = context();
    for _ in 0..limits::QUEUED_COMMANDS {
        submit(&context, "").unwrap();
    }
    let error = submit(&context, "").unwrap_err();
    assert!(matches!(error, ServiceError::QueueFull(_)));

    let context = self::context();
    let long = "#".repeat(limits::QUEUED_BYTES / 2);
    submit(&context, &long).unwrap();
    let first = submit(&context, &long).unwrap();
    assert!(submit(&context, "1").is_err());
    context.cancel(&first).unwrap();
    submit(&context, "1").unwrap();
}
