namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>Predicts the score or the cost of a model's answer from what is known before: the call site and how long the prompt is.</summary>
/// <remarks>Means of groups, each drawn towards the mean of the wider group as if ten more answers had shown that. It need not be right: it is corrected where it is not.</remarks>
internal sealed class OutcomeModel
{
    private const double Prior = 10;
    private const int Parts = 4;

    private readonly int[] _lengths;
    private readonly double _mean;
    private readonly Dictionary<string, double> _models;
    private readonly Dictionary<(string Model, string? Feature), double> _features;
    private readonly Dictionary<(string Model, string? Feature, int Length), double> _groups;

    public OutcomeModel(IReadOnlyCollection<ReplayRow> rows, Func<ReplayRow, double> outcome)
    {
        int[] lengths = [.. rows.Select(row => row.PromptLength).Order()];
        _lengths = lengths.Length == 0 ? [] : [.. Enumerable.Range(1, Parts - 1).Select(part => lengths[lengths.Length * part / Parts])];
        _mean = rows.Select(outcome).DefaultIfEmpty().Average();
        _models = Means(rows, row => row.Model, _ => _mean, outcome);
        _features = Means(rows, row => (row.Model, row.Feature), key => OfModel(key.Model), outcome);
        _groups = Means(rows, row => (row.Model, row.Feature, PartOf(row.PromptLength)), key => OfFeature(key.Model, key.Feature), outcome);
    }

    public double Predict(string model, string? feature, int promptLength) =>
        _groups.TryGetValue((model, feature, PartOf(promptLength)), out var mean) ? mean : OfFeature(model, feature);

    private double OfFeature(string model, string? feature) => _features.TryGetValue((model, feature), out var mean) ? mean : OfModel(model);

    private double OfModel(string model) => _models.TryGetValue(model, out var mean) ? mean : _mean;

    private int PartOf(int length) => _lengths.Count(limit => length >= limit);

    private static Dictionary<T, double> Means<T>(IEnumerable<ReplayRow> rows, Func<ReplayRow, T> by, Func<T, double> wider, Func<ReplayRow, double> outcome)
        where T : notnull =>
        rows.GroupBy(by).ToDictionary(group => group.Key, group => (group.Sum(outcome) + (Prior * wider(group.Key))) / (group.Count() + Prior));
}
