using System.Runtime.InteropServices;

namespace LlmKit.Observability.Traces;

/// <summary>Each content once, for as long as a record refers to it. Not thread-safe.</summary>
internal sealed class KeptContents
{
    private readonly Dictionary<TraceMessage, Held> _held = [];
    private readonly Func<TraceMessage, TraceMessage> _hold;
    private readonly Func<TraceMessage, TraceMessage> _release;

    public KeptContents()
    {
        _hold = Hold;
        _release = Release;
    }

    /// <summary>Gets how many bytes they take.</summary>
    public long Bytes { get; private set; }

    /// <summary>Keeps what a record refers to, and lets it refer to what is here already.</summary>
    public void Hold(TraceRecord record) => record.Share(_hold);

    public void Release(TraceRecord record) => record.Share(_release);

    private TraceMessage Hold(TraceMessage content)
    {
        ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(_held, content, out var isKnown);
        if (!isKnown)
        {
            held.Content = content;
            Bytes += content.Json.Length;
        }

        held.Uses++;
        return held.Content;
    }

    private TraceMessage Release(TraceMessage content)
    {
        ref var held = ref CollectionsMarshal.GetValueRefOrNullRef(_held, content);
        if (--held.Uses == 0)
        {
            _held.Remove(content);
            Bytes -= content.Json.Length;
        }

        return content;
    }

    private struct Held
    {
        public TraceMessage Content;
        public int Uses;
    }
}
