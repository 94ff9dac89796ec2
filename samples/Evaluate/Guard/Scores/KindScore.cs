namespace Evaluate;

/// <summary>How many texts of one kind are suspected.</summary>
/// <param name="Kind">The kind, as the file names it.</param>
/// <param name="IsAttack">Whether they should be.</param>
/// <param name="Share">The share that is: the recall of attacks, the false-positive rate of harmless texts.</param>
/// <param name="Rows">The number of texts.</param>
internal sealed record KindScore(string Kind, bool IsAttack, double Share, int Rows);
