using Microsoft.Extensions.AI;

namespace LlmKit.Internal.Flights;

/// <summary>Takes updates down as JSON: contents of all kinds, in the form in which they are remembered.</summary>
internal sealed class JsonUpdates : IUpdateKeeper
{
    public static JsonUpdates Instance { get; } = new();

    public (object Kept, int Size)? Keep(ChatResponseUpdate update) => KeptAnswer.Of(update) is { } json ? (json, json.Length) : null;

    public ChatResponseUpdate Copy(object kept) => KeptAnswer.ToUpdate((byte[])kept);
}
