namespace LlmKit.Control.Guardrails;

/// <summary>What is done to one text of an answer as it arrives.</summary>
internal interface ITextRun
{
    /// <summary>Gets whether some of the text is held back.</summary>
    bool IsHolding { get; }

    /// <summary>Gets whether anything was put in the place of some of the text.</summary>
    bool HasChanged { get; }

    /// <summary>Takes the next piece; gives what may go on now, the very piece where it is just that.</summary>
    string Append(string piece);

    /// <summary>Ends the text; gives what was held back and may go on.</summary>
    string Complete();
}
