using System.Text.Json;

namespace Evaluate;

/// <summary>Labelled texts, one JSON object a line. Members it does not know are passed over, and so are empty lines.</summary>
internal sealed class GuardFile
{
    /// <summary>A match that is expected with a lower score than this, or under a leniency above 1, is weak by declaration.</summary>
    private const double WeakScore = 0.3;

    private readonly List<EntityRow> _entities = [];
    private readonly List<AttackRow> _attacks = [];

    public IReadOnlyList<EntityRow> Entities => _entities;

    public IReadOnlyList<AttackRow> Attacks => _attacks;

    public int Rows => _entities.Count + _attacks.Count;

    /// <exception cref="InputException">The file or a line of it cannot be read.</exception>
    public static GuardFile Read(string path)
    {
        var file = new GuardFile();
        var number = 0;
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                number++;
                if (!string.IsNullOrWhiteSpace(line))
                    file.Add(line, number);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"The file '{path}' cannot be read ({exception.GetType().Name}). Give the path of a file of labelled texts.", exception);
        }

        return file.Rows > 0 ? file : throw new InputException($"The file '{path}' holds no text. Give one a line: {{\"entity\": \"EMAIL_ADDRESS\", \"text\": \"…\", \"spans\": [[0, 9]]}}.");
    }

    private void Add(string line, int number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var row = new GuardLine(json.RootElement, number);
            if (row.Has("entity"))
                _entities.Add(EntityOf(row));
            else if (row.Has("attack"))
                _attacks.Add(new(row.Text("text"), row.Flag("attack"), row.Has("kind") ? row.Text("kind") : "-"));
            else
                throw row.Bad("it has neither \"entity\" nor \"attack\"");
        }
        catch (JsonException exception)
        {
            throw new InputException($"Line {number}: it is no JSON (at byte {(exception.BytePositionInLine ?? 0) + 1}). Write one object a line.", exception);
        }
    }

    private static EntityRow EntityOf(GuardLine row)
    {
        var text = row.Text("text");
        var spans = row.Has("spans") ? row.Spans("spans", text) : null;
        var count = spans?.Count ?? row.Count("count");
        var weak = row.LeastNumber("leniency") > 1 || row.LeastNumber("score") < WeakScore;
        return new(row.Text("entity"), text, count, spans, weak);
    }
}
