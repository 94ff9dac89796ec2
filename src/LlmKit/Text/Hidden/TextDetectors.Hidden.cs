using LlmKit.Text.Encoded;
using LlmKit.Text.Exfiltration;
using LlmKit.Text.Hidden;
using LlmKit.Text.Patterns;

namespace LlmKit.Text;

public static partial class TextDetectors
{
    /// <summary>
    /// Invisible characters that are out of place, entity <c>HIDDEN</c>: tag characters, zero-width characters, controls of direction,
    /// four and more variation selectors in a row. By them a text carries what no reader sees, or shows what it does not say.
    /// </summary>
    /// <value>
    /// In their place, and not found, are: joiners and selectors in emoji, flags of regions, joiners behind letters of scripts that
    /// need them, marks of direction near text from right to left, a byte order mark at the beginning. Breaks that may be typography,
    /// such as a soft hyphen inside a word, score low.
    /// </value>
    public static ISpanDetector HiddenText { get; } = new HiddenTextDetector();

    /// <summary>
    /// What in an answer sends data to a stranger, entity <c>LINK</c>: images and tags that load from another host than those allowed,
    /// links to one whose address carries data, and addresses that are code or data themselves. For answers.
    /// </summary>
    /// <remarks>
    /// An address carries data if it holds a placeholder, a secret, an e-mail address, a card or account number, or a piece of 24 or
    /// more characters, 3 bits each, that is no name of a page; or if it is longer than 600 characters. Found are the forms of Markdown
    /// (images, links and definitions by reference) and of HTML, and bare addresses. Under every style, marks and target go and the
    /// alternative text or the text of a link stays; bare addresses are replaced. An image by reference becomes a link. What is short,
    /// or spelled in plain words, over several links, is not found. A stream holds an image back until it ends, 900 characters at most.
    /// </remarks>
    /// <param name="allowedHosts">
    /// The hosts to which an answer may lead, without scheme and port: <c>example.com</c> for that name, <c>*.example.com</c> for all
    /// below it. Addresses without a host are always allowed.
    /// </param>
    /// <returns>The detector.</returns>
    /// <exception cref="ArgumentNullException">The list or a host is null.</exception>
    /// <exception cref="ArgumentException">A host is no host name.</exception>
    public static ISpanDetector Exfiltration(params IEnumerable<string> allowedHosts) => new ExfiltrationDetector(allowedHosts);

    /// <summary>What other detectors find in text that is encoded: Base64 of 40 characters or more, hexadecimal of 32, six escapes of percent-encoding in a row.</summary>
    /// <remarks>
    /// A match is the encoded stretch, with the entity of what was found in it and its rule behind <c>encoded-</c>. Of each stretch the
    /// first 696 characters are decoded, as UTF-8, and what was decoded once more; what is not text is left alone.
    /// </remarks>
    /// <param name="inside">The detectors that search the decoded text.</param>
    /// <returns>The detector.</returns>
    /// <exception cref="ArgumentNullException">The list or a detector is null.</exception>
    public static ISpanDetector Encoded(params IEnumerable<ISpanDetector> inside) => new EncodedDetector(inside);

    /// <summary>A regular expression of one's own.</summary>
    /// <remarks>
    /// It runs in .NET's dialect, by the invariant culture, with <c>^</c> and <c>$</c> at lines. For each start it sees 128 characters
    /// before and 32 beyond the longest match, so that a stream gives what the whole text does. Matches of no length, and those longer
    /// than <see cref="TextPatternOptions.MaxLength"/>, are ignored. A stream trails by the longest match, unless it is told by
    /// <see cref="TextPatternOptions.StartCharacters"/> where one may start. A text that takes longer than
    /// <see cref="TextPatternOptions.TimeLimit"/> throws <see cref="System.Text.RegularExpressions.RegexMatchTimeoutException"/>.
    /// </remarks>
    /// <param name="rule">The name of the rule, in lower-case words joined by hyphens.</param>
    /// <param name="entity">The kind, in upper case.</param>
    /// <param name="pattern">The expression.</param>
    /// <param name="options">The settings, read now; null takes the defaults.</param>
    /// <returns>The detector.</returns>
    /// <exception cref="ArgumentNullException">A name or the expression is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    /// <exception cref="ArgumentException">
    /// A name is empty, or the expression cannot be read, or there are texts on which its work explodes; the message says what to change.
    /// </exception>
    public static ISpanDetector Pattern(string rule, string entity, string pattern, TextPatternOptions? options = null) =>
        new PatternDetector(rule, entity, pattern, options ?? new TextPatternOptions());
}
