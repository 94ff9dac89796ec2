namespace Quickstart;

/// <summary>How much of an expected text another text is.</summary>
internal enum TextMatch
{
    Whole,
    Beginning,
    Other,
}
