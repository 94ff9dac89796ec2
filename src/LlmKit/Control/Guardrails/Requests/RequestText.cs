using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>One text of a request, by its place.</summary>
/// <param name="Rail">Where it stands.</param>
/// <param name="Role">Whose message it is in.</param>
/// <param name="Message">The index of the message.</param>
/// <param name="Content">The index of its content, or of the first of several; below 0 where it stands in none.</param>
/// <param name="Text">The text.</param>
/// <param name="IsNew">Whether it came after the model's last turn.</param>
internal readonly record struct RequestText(Rail Rail, ChatRole Role, int Message, int Content, string Text, bool IsNew)
{
    /// <summary>Gets over how many contents it goes.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Gets whether the application or the model wrote it: they may speak of instructions. What strangers wrote is theirs in whosever message it stands.</summary>
    public bool IsOwn => IsApplications || (Rail == Rail.Input && Role == ChatRole.Assistant);

    /// <summary>Gets whether the application wrote it.</summary>
    public bool IsApplications => Rail == Rail.Input && Role == ChatRole.System;
}
