using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmKit.Calls;

/// <summary>Writes <c>null</c>: a call is not for serialised responses or cache keys.</summary>
internal sealed class LlmCallJsonConverter : JsonConverter<LlmCall>
{
    public override LlmCall? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Skip();
        return null;
    }

    public override void Write(Utf8JsonWriter writer, LlmCall value, JsonSerializerOptions options) => writer.WriteNullValue();
}
