using LlmKit.Control.Guardrails;
using LlmKit.Text;

namespace LlmKit;

public sealed partial class GuardrailOptions
{
    internal List<TopicRule> Topics { get; private set; } = [];

    internal SpotlightStyle? SpotlightsBy { get; private set; }

    /// <summary>Blocks texts about a topic: those that hold several different ones of its terms, as whole words and whatever their case.</summary>
    /// <remarks>Of an answer that streams, what stands before the last term needed has been shown; for all or nothing add a judge. In earlier turns such a text is sent no more, and does not block the conversation.</remarks>
    /// <param name="name">The topic's name in steps and metrics, such as <c>medical-advice</c>.</param>
    /// <param name="least">How many different terms make the topic, 1 or more.</param>
    /// <param name="terms">The terms; at least as many.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions DenyTopic(string name, int least, params string[] terms) => Add(name, least, terms, RailVerdict.Block);

    /// <summary>Records texts about a topic, see <see cref="DenyTopic"/>, and changes nothing.</summary>
    /// <param name="name">The topic's name in steps and metrics.</param>
    /// <param name="least">How many different terms make the topic, 1 or more.</param>
    /// <param name="terms">The terms; at least as many.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions FlagTopic(string name, int least, params string[] terms) => Add(name, least, terms, RailVerdict.Flag);

    internal LeakRule? Leak { get; private set; }

    /// <summary>Blocks answers that give away what the application told the model: eight words in a row of its system messages, instructions or tool descriptions.</summary>
    /// <remarks>Of an answer that streams, nothing from the first of those words on is shown. Paraphrases, translations and encodings are not seen.</remarks>
    /// <param name="withCanary">Whether a token is put behind the system messages, so that a leak of any length is told by it. It is the same for the same texts, so that caches still hit.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions BlockPromptLeak(bool withCanary = false)
    {
        Leak = new(withCanary, _observed);
        return this;
    }

    /// <summary>Marks retrieved documents and tool results for the model as what they are, data of strangers, and tells it so.</summary>
    /// <remarks>Makes an injection less likely to work; it is no proof. It adds two short marks to each text and one system message.</remarks>
    /// <param name="style">How they are marked.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions Spotlight(SpotlightStyle style = SpotlightStyle.Delimit)
    {
        if (!IsTrialOf(nameof(Spotlight)))
            SpotlightsBy = style;
        return this;
    }

    /// <summary>Takes out text that no reader sees and a model reads: tag characters, runs of variation selectors, invisible marks and marks of direction out of place.</summary>
    /// <param name="rails">Where.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions RemoveHiddenText(Rail rails = Rail.Texts) =>
        Redact(rails, RedactionStyle.Custom(static (_, _) => ""), TextDetectors.HiddenText);

    /// <summary>Takes out of answers what would send data to a stranger when it is shown: images of other hosts, links that carry data, scripts in addresses. Words stay.</summary>
    /// <param name="allowedHosts">The hosts whose images and links stay, such as <c>cdn.example.com</c> or <c>*.example.com</c>.</param>
    /// <returns>These options.</returns>
    public GuardrailOptions RemoveExfiltration(params string[] allowedHosts) => Redact(Rail.Output, TextDetectors.Exfiltration(allowedHosts));

    private GuardrailOptions Add(string name, int least, string[] terms, RailVerdict verdict)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentOutOfRangeException.ThrowIfLessThan(least, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(least, terms.Length);
        Topics.Add(new(name, least, [.. terms], Rail.Texts, verdict, _observed));
        return this;
    }
}
