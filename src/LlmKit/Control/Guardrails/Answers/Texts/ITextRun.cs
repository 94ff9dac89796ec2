namespace LlmKit.Control.Guardrails;

/// <summary>What is done to one text of an answer as it arrives.</summary>
internal interface ITextRun
{
    /// <summary>Takes the next piece; gives what may go on now, the very piece where it is just that.</summary>
    string Append(string piece);

    /// <summary>Ends the text; gives what was held back and may go on.</summary>
    string Complete();
}
