namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>Chooses a model for a request: the same request, the same candidates and the same chance give the same choice.</summary>
/// <remarks>
/// Implementations are thread-safe, do not wait for anything and change nothing that another choice depends on; what happens meanwhile, such as
/// how busy a model is, they read from the candidates. A policy that throws does not fail the call: the first candidate is asked instead. It is
/// asked again, with the candidates that are left, when a model has failed.
/// </remarks>
public abstract class RoutingPolicy
{
    /// <summary>Gets the policy's name in decisions, such as <c>learned</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Gets the version of the rules; decisions under another version are another policy's.</summary>
    /// <value><c>1</c> by default.</value>
    public virtual string Version => "1";

    /// <summary>Chooses.</summary>
    /// <param name="context">The request and the candidates, of which there is one at least. All have passed the gates.</param>
    /// <returns>One of the candidates.</returns>
    public abstract RoutingChoice Choose(RoutingRequest context);

    /// <summary>Gives the probability with which a model is chosen for such a request, over all chances.</summary>
    /// <param name="model">The name of one of the candidates.</param>
    /// <param name="context">The request and the candidates.</param>
    /// <returns>From 0 to 1; over all keys where a key stands for the chance. Policies that draw override this; by default a choice does not depend on chance.</returns>
    public virtual double PropensityOf(string model, RoutingRequest context) => Choose(context).Model == model ? 1 : 0;

    /// <summary>Says what it is, for logs.</summary>
    /// <returns>Name and version.</returns>
    public override string ToString() => $"{Name}/{Version}";
}
