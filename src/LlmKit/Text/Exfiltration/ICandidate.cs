using LlmKit.Text.Exfiltration.Addresses;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Exfiltration;

/// <summary>One form in which an answer can lead elsewhere.</summary>
internal interface ICandidate
{
    /// <summary>The words, one of which stands at the start of every candidate, in lower case; case does not matter.</summary>
    IReadOnlyList<string> Anchors { get; }

    /// <summary>Reports what has to go of the candidate at an index.</summary>
    /// <returns>The least index that is undecided if the cursor reached the end.</returns>
    int Read(ref TextCursor cursor, int start, AddressPolicy policy, ref TextHitCollector hits);
}
