using LlmKit.Text.Injection;

namespace Evaluate;

/// <summary>What the injection detector makes of labelled texts.</summary>
/// <param name="Tally">Over all texts.</param>
/// <param name="FalsePositiveRate">The share of harmless texts that are suspected.</param>
/// <param name="Rows">The number of texts.</param>
/// <param name="Kinds">The share that is suspected of each kind, attacks and harmless texts apart, ordered by name.</param>
internal sealed record InjectionScore(Tally Tally, double FalsePositiveRate, int Rows, IReadOnlyList<KindScore> Kinds)
{
    public static InjectionScore Of(IReadOnlyList<AttackRow> rows)
    {
        var judged = rows.Select(row => (Row: row, IsSuspected: InjectionDetector.Default.Evaluate(row.Text).IsSuspected)).ToList();
        var tally = new Tally(
            judged.Count(each => each.Row.IsAttack && each.IsSuspected),
            judged.Count(each => !each.Row.IsAttack && each.IsSuspected),
            judged.Count(each => each.Row.IsAttack && !each.IsSuspected));
        var harmless = rows.Count(row => !row.IsAttack);
        var kinds = from each in judged
                    group each.IsSuspected by (each.Row.Kind, each.Row.IsAttack) into kind
                    orderby kind.Key.IsAttack descending, kind.Key.Kind
                    select new KindScore(kind.Key.Kind, kind.Key.IsAttack, kind.Average(suspected => suspected ? 1.0 : 0.0), kind.Count());
        return new(tally, harmless == 0 ? 0 : (double)tally.FalsePositives / harmless, rows.Count, [.. kinds]);
    }
}
