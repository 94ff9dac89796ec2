using LlmKit.Text;
using LlmKit.Text.Streaming;

namespace LlmKit.Control.Guardrails;

/// <summary>One text of an answer on its way through the detectors.</summary>
internal sealed class TextRun(AnswerReader answer, RailRules rules, TextRedactor? redactor, TextRedactor? leakWatcher) : ITextRun
{
    private readonly StreamRedactor? _redactor = redactor?.OpenStream();
    private readonly StreamRedactor? _watcher = rules.Watcher?.OpenStream();
    private readonly StreamRedactor? _leakWatcher = leakWatcher?.OpenStream();

    /// <summary>Gets what was taken out.</summary>
    public IReadOnlyList<TextHit> Replaced => _redactor?.Replaced ?? [];

    /// <summary>Gets what rules that only look have found.</summary>
    public IReadOnlyList<TextHit> Watched => _watcher?.Replaced ?? [];

    /// <summary>Gets what would have been stopped as the application's own words.</summary>
    public IReadOnlyList<TextHit> Leaked => _leakWatcher?.Replaced ?? [];

    /// <summary>Gets the match that stopped the text.</summary>
    public TextHit? StoppedBy => _redactor?.StoppedBy;

    public bool HasChanged => _redactor is { Replaced.Count: > 0 };

    public bool IsHolding => _redactor is { Held: > 0 };

    public bool IsStopped => _redactor?.IsBlocked == true;

    public string Append(string piece)
    {
        if (answer.IsOver)
            return "";
        _watcher?.Append(piece);
        _leakWatcher?.Append(piece);
        return answer.Let(_redactor is null ? piece : _redactor.Append(piece), this);
    }

    public string Complete()
    {
        _watcher?.Complete();
        _leakWatcher?.Complete();
        var rest = _redactor is null || answer.IsOver ? "" : _redactor.Complete();
        rest = answer.Let(rest, this);
        answer.HearEnd();
        answer.End(this);
        return rest;
    }
}
