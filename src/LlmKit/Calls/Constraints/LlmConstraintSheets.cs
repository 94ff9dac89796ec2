using System.Collections.Concurrent;
using LlmKit.Calls;

namespace LlmKit;

/// <summary>Writes, for each feature, what is declared and how its calls stood to it: resolve it from the services.</summary>
/// <remarks>Thread-safe. Counts live in memory and begin with the process.</remarks>
public sealed class LlmConstraintSheets
{
    private readonly ConcurrentDictionary<string, (ConstraintBook Book, Func<ConstraintSet> Declared)> _pipelines = new(StringComparer.Ordinal);

    /// <summary>Writes the sheet of a feature.</summary>
    /// <param name="feature">A feature with constraints of its own; <see langword="null"/> for all others.</param>
    /// <param name="pipeline">The pipeline's name; <c>Default</c> for the unnamed one.</param>
    /// <returns>The sheet, of the calls that have ended so far.</returns>
    /// <exception cref="ArgumentException">No such pipeline is built, or the feature has no constraints of its own.</exception>
    public LlmConstraintSheet Of(string? feature = null, string pipeline = "Default")
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        if (!_pipelines.TryGetValue(pipeline, out var known))
            throw new ArgumentException($"There is no pipeline '{pipeline}', or it is not built yet. Resolve its IChatClient first, and check the name.", nameof(pipeline));
        var declared = known.Declared();
        if (feature is not null && declared.NameOf(feature) is null)
            throw new ArgumentException("The feature has no constraints of its own. Declare them with WithConstraints(feature, …), or ask without a feature for all such calls.", nameof(feature));
        return known.Book.SheetOf(pipeline, feature, declared.For(feature));
    }

    /// <summary>Writes the sheets of a pipeline: one for each feature with constraints of its own, by name, and one for all others.</summary>
    /// <param name="pipeline">The pipeline's name; <c>Default</c> for the unnamed one.</param>
    /// <returns>The sheets.</returns>
    /// <exception cref="ArgumentException">No such pipeline is built.</exception>
    public IReadOnlyList<LlmConstraintSheet> All(string pipeline = "Default") =>
        [Of(null, pipeline), .. _pipelines[pipeline].Declared().Features.Order(StringComparer.Ordinal).Select(feature => Of(feature, pipeline))];

    /// <summary>Gives the book of a pipeline.</summary>
    internal ConstraintBook Open(string pipeline, TimeProvider time, Func<ConstraintSet> declared) =>
        _pipelines.GetOrAdd(pipeline, _ => (new(time), declared)).Book;

    internal ConstraintBook? BookOf(string pipeline) => _pipelines.TryGetValue(pipeline, out var known) ? known.Book : null;
}
