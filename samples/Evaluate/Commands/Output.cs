namespace Evaluate;

/// <summary>Where results and complaints go.</summary>
/// <param name="Result">Standard output: the result and nothing else.</param>
/// <param name="Error">Standard error.</param>
internal sealed record Output(TextWriter Result, TextWriter Error);
