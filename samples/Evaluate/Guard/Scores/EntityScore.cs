using LlmKit.Text;

namespace Evaluate;

/// <summary>What the detector of one entity makes of its rows.</summary>
/// <param name="Entity">The name of the entity, as the file has it.</param>
/// <param name="MinScore">The least score at which a match counted; null if no detector covers the entity.</param>
/// <param name="Tally">Over the rows that count.</param>
/// <param name="AtMedium">The same, had only matches of a medium score counted.</param>
/// <param name="Rows">The number of rows that count.</param>
/// <param name="WeakRows">The number of rows that do not, being weak by their own declaration.</param>
internal sealed record EntityScore(string Entity, DetectionScore? MinScore, Tally Tally, Tally AtMedium, int Rows, int WeakRows)
{
    public bool IsScored => MinScore is not null && Rows > 0;

    public static List<EntityScore> Of(IReadOnlyList<EntityRow> rows) =>
        [.. rows.GroupBy(row => row.Entity).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => Of(group.Key, [.. group]))];

    private static EntityScore Of(string entity, List<EntityRow> rows)
    {
        var counted = rows.Where(row => !row.IsWeak).ToList();
        if (EntityDetectors.Find(entity) is not { } detector)
            return new(entity, null, default, default, counted.Count, rows.Count - counted.Count);
        var least = EntityDetectors.MinScore(detector);
        return new(entity, least, Judge(detector, least, counted), Judge(detector, DetectionScore.Medium, counted), counted.Count, rows.Count - counted.Count);
    }

    private static Tally Judge(ISpanDetector detector, DetectionScore least, List<EntityRow> rows)
    {
        var redactor = new TextRedactor([detector], new() { MinScore = least });
        return rows.Aggregate(default(Tally), (sum, row) => sum + Judge(redactor, row));
    }

    private static Tally Judge(TextRedactor redactor, EntityRow row)
    {
        var found = redactor.Find(row.Text).Select(hit => (hit.Start, hit.End)).ToList();
        var right = row.Spans is null ? Math.Min(found.Count, row.Count) : row.Spans.Distinct().Count(found.Contains);
        return new(right, found.Count - right, row.Count - right);
    }
}
