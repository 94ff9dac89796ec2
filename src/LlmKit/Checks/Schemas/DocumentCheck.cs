using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmKit.Checks.Schemas;

/// <summary>What every document must be before a schema is asked: not too deep, and no member named twice, of which readers would take the one or the other.</summary>
internal static class DocumentCheck
{
    private const string NoText = "Has a text with half a surrogate pair.";

    /// <summary>Reports members named twice, and whether the document can be checked further.</summary>
    public static bool IsSound(JsonElement value, SchemaRun run) => Visit(value, run, 0);

    private static bool Visit(JsonElement value, SchemaRun run, int depth)
    {
        if (depth > JsonSchema.MaxDepth)
        {
            run.Fail("depth", $"Is nested more than {JsonSchema.MaxDepth} levels deep.");
            return false;
        }

        return value.ValueKind switch
        {
            JsonValueKind.Object => VisitMembers(value, run, depth),
            JsonValueKind.Array => VisitElements(value, run, depth),
            JsonValueKind.Undefined => Refuse(run, "Is no JSON value."),
            JsonValueKind.String => IsText(JsonMarshal.GetRawUtf8Value(value)) || Refuse(run, NoText),
            _ => true,
        };
    }

    // Half of a pair of UTF-16 can be escaped in JSON and is no text.
    private static bool IsText(ReadOnlySpan<byte> raw)
    {
        var escape = raw.IndexOf("\\u"u8);
        if (escape < 0)
            return true;
        try
        {
            var reader = new Utf8JsonReader(raw);
            return reader.Read() && reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsName(ReadOnlySpan<byte> raw) => raw.IndexOf((byte)'\\') < 0 || IsText([(byte)'"', .. raw, (byte)'"']);

    private static bool Refuse(SchemaRun run, string message)
    {
        run.Fail("type", message);
        return false;
    }

    private static bool VisitMembers(JsonElement value, SchemaRun run, int depth)
    {
        HashSet<string>? names = null;
        var duplicates = 0;
        foreach (var member in value.EnumerateObject())
        {
            if (!IsName(JsonMarshal.GetRawUtf8PropertyName(member)))
                return Refuse(run, NoText);
            duplicates += (names ??= []).Add(member.Name) ? 0 : 1;
            run.Enter("*");
            var sound = Visit(member.Value, run, depth + 1);
            run.Leave();
            if (!sound)
                return false;
        }

        if (duplicates > 0)
            run.Fail("duplicate", $"Has {duplicates} members whose name is already taken. Give each name once.");
        return true;
    }

    private static bool VisitElements(JsonElement value, SchemaRun run, int depth)
    {
        var index = 0;
        foreach (var element in value.EnumerateArray())
        {
            run.Enter(index++.ToString(CultureInfo.InvariantCulture));
            var sound = Visit(element, run, depth + 1);
            run.Leave();
            if (!sound)
                return false;
        }

        return true;
    }
}
