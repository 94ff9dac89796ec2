using System.Text.Json;

namespace LlmKit.Observability.Replay;

/// <summary>Finds recordings in the text of a file, for messages of errors.</summary>
internal static class RecordingLines
{
    /// <summary>Gives the line, from 1, on which a recording begins.</summary>
    /// <param name="json">The file, which is JSON.</param>
    /// <param name="number">The number of the recording, from 1.</param>
    public static int LineOf(ReadOnlySpan<byte> json, int number)
    {
        var reader = new Utf8JsonReader(json);
        var isInside = false;
        while (reader.Read())
        {
            if (reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName })
                isInside = reader.ValueTextEquals("recordings"u8);
            else if (isInside && reader.CurrentDepth == 2 && IsItem(reader.TokenType) && --number == 0)
                break;
        }

        return json[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1;
    }

    private static bool IsItem(JsonTokenType token) => token is not (JsonTokenType.EndObject or JsonTokenType.EndArray);
}
