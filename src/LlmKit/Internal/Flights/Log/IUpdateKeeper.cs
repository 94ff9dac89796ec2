using Microsoft.Extensions.AI;

namespace LlmKit.Internal.Flights;

/// <summary>Takes updates of a stream down, before its own call gets them and may change them, and gives them to other calls. Thread-safe.</summary>
internal interface IUpdateKeeper
{
    /// <summary>Takes an update down, without usage.</summary>
    /// <returns>What was taken down, and about how many bytes it has; <see langword="null"/> when something in it cannot be.</returns>
    (object Kept, int Size)? Keep(ChatResponseUpdate update);

    /// <summary>Gives an update that was taken down, as an object that nobody else has.</summary>
    ChatResponseUpdate Copy(object kept);
}
