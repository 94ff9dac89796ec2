namespace LlmKit.Models;

/// <summary>What a model can take or give.</summary>
[Flags]
public enum ModelCapabilities
{
    /// <summary>Text only.</summary>
    None = 0,

    /// <summary>Function tools.</summary>
    Tools = 1,

    /// <summary>Images in the prompt.</summary>
    Images = 2,

    /// <summary>Answers that follow a JSON schema.</summary>
    StructuredOutput = 4,

    /// <summary>Audio in the prompt.</summary>
    Audio = 8,

    /// <summary>Files such as PDF in the prompt.</summary>
    Files = 16,

    /// <summary>Everything: nothing is gated.</summary>
    All = Tools | Images | StructuredOutput | Audio | Files,
}
