namespace LlmKit.Text;

/// <summary>Finds spans of one family in a text, whole or while it is still arriving.</summary>
/// <remarks>
/// Implementations are immutable, thread-safe and linear in the text, whatever the text is. To let a stream give the same result as
/// the whole text, whether a span matches may depend on at most <see cref="MaxLookBehind"/> characters before its start, and a
/// span found must not depend on which spans were found before it.
/// </remarks>
public interface ISpanDetector
{
    /// <summary>How many characters before its start a match may depend on: a stream keeps as many of those it released.</summary>
    const int MaxLookBehind = 128;

    /// <summary>The name of the detector, in lower-case words joined by hyphens.</summary>
    string Name { get; }

    /// <summary>Reports every match in a text that is complete: its end counts as a boundary.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">The least start of a match to report, 0 to the length of the text; what is before serves as context only.</param>
    /// <param name="hits">Takes the matches, in any order; they may overlap.</param>
    void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits);

    /// <summary>Finds where a text that may still grow is undecided.</summary>
    /// <param name="text">What has arrived; its end is no boundary.</param>
    /// <param name="from">The least index to consider, 0 to the length of the text.</param>
    /// <returns>
    /// The least index <c>i</c>, not below <paramref name="from"/>, such that some continuation of the text could make a match that
    /// starts at <c>i</c> appear, vanish or change; the length of the text if there is none. A lower index is safe and only holds
    /// more back, as long as a longer text never gives a lower index than its own beginning gave.
    /// </returns>
    int EarliestOpen(ReadOnlySpan<char> text, int from);
}
