namespace LlmKit.Pipeline;

/// <summary>The pipelines of one service collection.</summary>
internal sealed class PipelineRegistrations
{
    private readonly List<PipelineRegistration> _all = [];

    public IReadOnlyList<PipelineRegistration> All => _all;

    public PipelineRegistration? Find(string? key) => _all.Find(registration => registration.Key == key);

    public void Add(PipelineRegistration registration) => _all.Add(registration);
}
