namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>How a replay tells what a policy would have reached.</summary>
public enum ReplayEstimator
{
    /// <summary>By the outcome of the very model that the policy chooses: both are known.</summary>
    Paired = 0,

    /// <summary>
    /// By the outcomes of the models that were chosen, weighted by how much rather the policy chooses them than the one that did, and divided by
    /// the sum of the weights (SNIPS; Swaminathan and Joachims, NIPS 2015).
    /// </summary>
    SelfNormalized,

    /// <summary>
    /// By a simple model of the outcomes, fitted on other traces, and corrected by the same weights where it is wrong (Dudík, Langford and Li,
    /// ICML 2011): right if either the propensities or the model are, and mostly the narrowest.
    /// </summary>
    DoublyRobust,
}
