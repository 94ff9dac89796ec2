namespace LlmKit.Text.Scanning;

/// <summary>A detector that looks for the disguises themselves: it reads the text as it stands, and not as it is seen.</summary>
internal interface IReadsRawText : ISpanDetector;
