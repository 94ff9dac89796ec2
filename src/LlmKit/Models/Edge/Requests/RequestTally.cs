namespace LlmKit.Models;

/// <summary>What was found out about a request because somebody asked, so that it is found out once.</summary>
internal sealed class RequestTally
{
    private TokenMix _mix;
    private bool _isScanned;
    private Model? _countedFor;
    private long? _counted;

    /// <summary>Gives the estimate by kind.</summary>
    public ref readonly TokenMix Mix(RequestFacts request)
    {
        if (!_isScanned)
        {
            _mix = request.Scan();
            _isScanned = true;
        }

        return ref _mix;
    }

    /// <summary>Gives the count of a model's own tokenizer; <see langword="null"/> when it failed. Another model's count takes its place.</summary>
    public long? Counted(RequestFacts request, Model model, Calls.LlmCall? call)
    {
        if (_countedFor != model)
        {
            _counted = request.Count(model, call);
            _countedFor = model;
        }

        return _counted;
    }
}
