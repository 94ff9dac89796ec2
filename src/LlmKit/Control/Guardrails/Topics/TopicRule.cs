using LlmKit.Text;

namespace LlmKit.Control.Guardrails;

/// <summary>A topic: it is on when a text holds so many different ones of its terms.</summary>
internal sealed class TopicRule(string name, int least, IReadOnlyList<string> terms, Rail rails, RailVerdict verdict, bool observed)
{
    public string Name => name;

    public int Least => least;

    public Rail Rails => rails;

    public RailVerdict Verdict => verdict;

    public bool Observed => observed;

    /// <summary>Gets whether a text about the topic is stopped.</summary>
    public bool Blocks => verdict == RailVerdict.Block && !observed;

    public int Terms => terms.Count;

    /// <summary>Gets what finds the terms.</summary>
    public TextRedactor Finder { get; } = new([TextDetectors.Terms(terms, name, "TOPIC")], new() { Style = RedactionStyle.Mask });
}
