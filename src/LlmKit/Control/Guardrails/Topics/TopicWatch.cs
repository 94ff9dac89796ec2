using System.Text;
using LlmKit.Text.Streaming;

namespace LlmKit.Control.Guardrails;

/// <summary>Notices when a text, whole or as it arrives, is about a topic.</summary>
internal sealed class TopicWatch(TopicRule rule)
{
    private StreamRedactor _finder = rule.Finder.OpenStream();
    private readonly StringBuilder _text = new();
    private readonly HashSet<string> _terms = new(StringComparer.OrdinalIgnoreCase);
    private int _counted;

    public TopicRule Rule => rule;

    /// <summary>Gets whether enough of the terms were said.</summary>
    public bool IsOn => _terms.Count >= rule.Least;

    /// <summary>Says whether a whole text is about the topic.</summary>
    public static bool IsAbout(TopicRule rule, string text)
    {
        if (rule.Finder.Examine(text) is not { IsEmpty: false } found)
            return false;
        return found.Replaced.Select(hit => text.Substring(hit.Start, hit.Length)).Distinct(StringComparer.OrdinalIgnoreCase).Count() >= rule.Least;
    }

    public void Append(string piece)
    {
        _text.Append(piece);
        _finder.Append(piece);
        Count();
    }

    /// <summary>Ends a text; another may follow.</summary>
    public void EndText()
    {
        _finder.Complete();
        Count();
        (_finder, _counted) = (rule.Finder.OpenStream(), 0);
        _text.Clear();
    }

    private void Count()
    {
        for (; _counted < _finder.Replaced.Count; _counted++)
        {
            var hit = _finder.Replaced[_counted];
            _terms.Add(_text.ToString(hit.Start, hit.Length));
        }
    }
}
