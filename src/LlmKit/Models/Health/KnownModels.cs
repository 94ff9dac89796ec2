namespace LlmKit.Models;

/// <summary>The models of all pipelines of one container that were built, with what their doors saw of late. Thread-safe.</summary>
internal sealed class KnownModels
{
    private readonly Lock _lock = new();
    private readonly List<KnownModel> _models = [];

    public void Add(string pipeline, string model, RecentAttempts attempts)
    {
        lock (_lock)
            _models.Add(new(pipeline, model, attempts));
    }

    public void Remove(RecentAttempts attempts)
    {
        lock (_lock)
            _models.RemoveAll(known => known.Attempts == attempts);
    }

    /// <summary>Gives the models, by pipeline.</summary>
    public ILookup<string, KnownModel> Read()
    {
        lock (_lock)
            return _models.ToLookup(known => known.Pipeline);
    }
}

/// <summary>One model of one pipeline.</summary>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Name">The registered model's name.</param>
/// <param name="Attempts">What its door saw of late.</param>
internal sealed record KnownModel(string Pipeline, string Name, RecentAttempts Attempts);
