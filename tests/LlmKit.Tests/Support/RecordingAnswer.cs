using LlmKit.Calls;

namespace LlmKit.Tests.Support;

/// <summary>A staged answer that remembers what became of it.</summary>
internal sealed class RecordingAnswer : IStagedAnswer
{
    public List<string> Ends { get; } = [];

    public Exception? Throws { get; init; }

    public ValueTask CommitAsync(LlmCall call)
    {
        Ends.Add($"kept {call.Status}");
        return Throws is null ? default : ValueTask.FromException(Throws);
    }

    public void Discard()
    {
        Ends.Add("dropped");
        if (Throws is not null)
            throw Throws;
    }
}
