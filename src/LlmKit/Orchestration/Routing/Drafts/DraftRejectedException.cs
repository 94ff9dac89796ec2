namespace LlmKit;

/// <summary>A cascade's checks did not accept a draft, no stronger model could be asked, and <see cref="RouterOptions.FailUnverified"/> is set.</summary>
public sealed class DraftRejectedException : LlmException
{
    internal DraftRejectedException(string model, string check)
        : base($"The draft of the model '{model}' was not accepted by the check '{check}', and no stronger model may be asked. Let the call use one, or leave RouterOptions.FailUnverified off to get such a draft.")
    {
        Model = model;
        Check = check;
    }

    /// <summary>Gets the registered model that wrote the draft.</summary>
    public string Model { get; }

    /// <summary>Gets the check that did not accept it.</summary>
    public string Check { get; }
}
