using System.Buffers;
using System.Text;

namespace LlmKit.Control.Budgets.Reports.Writing;

/// <summary>Quotes names so that a spreadsheet takes none for a formula, and a reader gets each back as it was.</summary>
internal static class CsvText
{
    private const char Guard = '\'';

    // The wide forms are taken for the narrow ones where Japanese or Chinese is set.
    private static readonly SearchValues<char> Formulas = SearchValues.Create("=+-@\uff1d\uff0b\uff0d\uff20'");

    // Where a cell may begin: a spreadsheet may be set to semicolons or tabs, and then it does not heed our quotes.
    private static readonly SearchValues<char> CellEnds = SearchValues.Create(",;\t|\r\n\"");

    /// <summary>Gives a name as a field; nothing at all for <see langword="null"/>, quotes around nothing for the empty one.</summary>
    public static string Quote(string? name)
    {
        if (name is null)
            return "";
        var field = new StringBuilder("\"");
        for (var i = 0; i < name.Length; i++)
        {
            if (Formulas.Contains(name[i]) && IsAtBeginning(name, i))
                field.Append(Guard);
            field.Append(name[i]);
            if (name[i] == '"')
                field.Append('"');
        }

        return field.Append('"').ToString();
    }

    /// <summary>Gives the name back that a field, its quotes taken away, stands for.</summary>
    public static string Unguard(string field)
    {
        var name = new StringBuilder();
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] == Guard && i + 1 < field.Length && Formulas.Contains(field[i + 1]) && (name.Length == 0 || IsCellEnd(name[^1])))
                i++;
            name.Append(field[i]);
        }

        return name.ToString();
    }

    private static bool IsAtBeginning(string name, int index) => index == 0 || IsCellEnd(name[index - 1]);

    private static bool IsCellEnd(char character) => CellEnds.Contains(character) || char.IsWhiteSpace(character);
}
