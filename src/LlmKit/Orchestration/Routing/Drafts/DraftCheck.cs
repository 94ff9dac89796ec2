namespace LlmKit.Orchestration.Routing.Drafts;

/// <summary>Says whether a draft of a cascade is good enough to be the answer.</summary>
/// <remarks>
/// Implementations are thread-safe and change nothing on the draft. What they ask of models they ask with child calls, so that it is paid and
/// shown. One that throws has not accepted the draft: the next model is asked, and the step says so. See <see cref="DraftChecks"/>.
/// </remarks>
public abstract class DraftCheck
{
    /// <summary>Gets the check's name in steps, such as <c>learned</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Gets the version of its rules, which is part of the key of every kept answer.</summary>
    /// <value><c>1</c> by default.</value>
    public virtual string Version => "1";

    /// <summary>Gets the registered models that the check asks.</summary>
    internal virtual IReadOnlyList<string> Models => [];

    /// <summary>Gets the checks that are asked one after the other in the place of this one.</summary>
    internal virtual IReadOnlyList<DraftCheck> Parts => [this];

    /// <summary>Gets whether the check has nothing to go by but the text, so that a draft which calls tools passes it.</summary>
    internal virtual bool ReadsText => false;

    /// <summary>Checks a draft.</summary>
    /// <param name="draft">The draft. It is whole: a draft that the provider filtered is final and not checked.</param>
    /// <param name="cancellationToken">Ends the check with the call.</param>
    /// <returns>Whether it is accepted, and by what.</returns>
    public abstract ValueTask<DraftVerdict> VerifyAsync(ModelDraft draft, CancellationToken cancellationToken);

    /// <summary>Says what it is, for logs.</summary>
    /// <returns>Name and version.</returns>
    public override string ToString() => $"{Name}/{Version}";
}
