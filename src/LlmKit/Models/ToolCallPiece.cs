using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>What a stream brought of a tool call before the call was whole.</summary>
/// <remarks>
/// Immutable. Half a call must not be run, so a provider's client shows it to nobody until it is whole; but the provider bills what it wrote. The
/// client leaves the pieces on the updates with which they came, under <see cref="Key"/>; the door to the model takes them off and counts them, so
/// that a call that breaks off, or is left, is charged as far as it was written. Where the provider reports its usage, that stands.
/// </remarks>
/// <param name="Name">The function's name, when the call begins with this piece; otherwise <see langword="null"/>.</param>
/// <param name="Arguments">The next characters of the arguments as JSON; may be empty. Sensitive: it is counted and forgotten.</param>
public sealed record ToolCallPiece(string? Name, string Arguments)
{
    /// <summary>The name under which the pieces lie in <see cref="ChatResponseUpdate.AdditionalProperties"/>.</summary>
    public const string Key = "llmkit.tool_call_pieces";

    /// <summary>Leaves this on the update with which it came, behind what lies there.</summary>
    /// <param name="update">The update.</param>
    /// <exception cref="ArgumentNullException"><paramref name="update"/> is <see langword="null"/>.</exception>
    public void LeaveOn(ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        var properties = update.AdditionalProperties ??= [];
        if (properties.TryGetValue(Key, out var value) && value is List<ToolCallPiece> pieces)
            pieces.Add(this);
        else
            properties[Key] = new List<ToolCallPiece> { this };
    }

    /// <summary>Says that there is something, and not what: it may be anybody's.</summary>
    /// <returns>The type's name and the length.</returns>
    public override string ToString() => $"{nameof(ToolCallPiece)} ({Arguments.Length} characters)";

    /// <summary>Takes off an update what a provider's client left there.</summary>
    internal static IReadOnlyList<ToolCallPiece> TakeOff(ChatResponseUpdate update)
    {
        if (update.AdditionalProperties is not { } properties || !properties.Remove(Key, out var value))
            return [];
        if (properties.Count == 0)
            update.AdditionalProperties = null;
        return value as List<ToolCallPiece> ?? [];
    }
}
