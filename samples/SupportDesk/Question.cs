using System.Security.Claims;
using Microsoft.Extensions.AI;

namespace DeskService;

/// <summary>What the page sends: the conversation so far, the new question last.</summary>
internal sealed record Question(IReadOnlyList<Turn>? Turns)
{
    private const int MostTurns = 20;

    /// <summary>Gives the messages to the model. The client's turns are users' and assistants' only: the system's words are the service's own.</summary>
    public IEnumerable<ChatMessage> ToMessages(ClaimsPrincipal user) =>
        (Turns ?? []).TakeLast(MostTurns)
            .Select(turn => new ChatMessage(turn.FromUser ? ChatRole.User : ChatRole.Assistant, turn.Text))
            .Prepend(new(ChatRole.System, SystemPrompt(user)));

    private static string SystemPrompt(ClaimsPrincipal user) => $"""
        You are the assistant of the support desk of {user.FindFirstValue("shop")}, a shop for household devices.
        Rely on the handbook of the desk and on nothing else. If it has no answer, say so and do not guess.
        Customer: {user.Identity?.Name}
        """;
}

/// <summary>One message of a conversation.</summary>
internal sealed record Turn(bool FromUser, string Text);
