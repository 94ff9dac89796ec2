using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>A draft that is shown as it comes. Its end is held back: until it is accepted, the answer has not ended.</summary>
internal sealed class DraftStream(StreamOpening opening)
{
    private readonly List<ChatResponseUpdate> _all = [];
    private readonly List<ChatResponseUpdate> _heldBack = [];
    private int _next;

    /// <summary>Gets the update to show.</summary>
    public ChatResponseUpdate Current { get; private set; } = null!;

    /// <summary>Gets the updates from the finish reason on.</summary>
    public IReadOnlyList<ChatResponseUpdate> HeldBack => _heldBack;

    /// <summary>Reads up to the next update to show; false when the stream has ended.</summary>
    public async ValueTask<bool> MoveNextAsync()
    {
        while (_next < opening.Beginning.Count || await opening.Rest.MoveNextAsync().ConfigureAwait(false))
        {
            var update = _next < opening.Beginning.Count ? opening.Beginning[_next++] : opening.Rest.Current;
            _all.Add(update);
            if (_heldBack.Count > 0 || update.FinishReason is not null)
            {
                _heldBack.Add(update);
                continue;
            }

            Current = update;
            return true;
        }

        return false;
    }

    /// <summary>Gives the whole draft.</summary>
    public ChatResponse ToAnswer() => _all.ToChatResponse();
}
