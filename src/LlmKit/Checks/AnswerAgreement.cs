namespace LlmKit;

/// <summary>Whether two answers say the same.</summary>
public enum AnswerAgreement
{
    /// <summary>It cannot be told: the answer counts neither as right nor as wrong.</summary>
    Undecided = 0,

    /// <summary>They say the same.</summary>
    Agrees,

    /// <summary>They do not.</summary>
    Differs,
}
