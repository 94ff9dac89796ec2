using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using LlmKit.Internal.Keys;
using LlmKit.Orchestration.Routing.Learning.Features;

namespace LlmKit.Orchestration.Routing.Learning;

/// <summary>Saves gain models and loads them: one JSON object, whose weights are little-endian 32-bit floats in base64.</summary>
public static class GainModelFile
{
    private const int Format = 1;

    /// <summary>Writes a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="stream">Where to; it is left open.</param>
    public static void Save(this GainModel model, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        JsonSerializer.Serialize(stream, new(Format, model.Version, model.Examples, model.CountedExamples, model.Reader?.PromptScale, model.Reader?.DraftScale, Bytes(model.Weak), Bytes(model.Strong)), GainModelJson.Default.Content);
    }

    /// <summary>Reads a model.</summary>
    /// <param name="stream">Where from; it is left open.</param>
    /// <returns>The model, whose predictions are those of the one that was saved.</returns>
    /// <exception cref="InvalidDataException">It is no such file, of another format, or damaged.</exception>
    public static GainModel Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Content content;
        try
        {
            content = JsonSerializer.Deserialize(stream, GainModelJson.Default.Content) ?? throw Damaged("It is empty");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("The file is no gain model: it is not the JSON that GainModelFile.Save writes.", exception);
        }

        if (content.Format != Format)
            throw Damaged($"Its format is '{content.Format}' and this version of LlmKit reads '{Format}'");
        var reader = content.Prompt is { } prompt ? new FeatureReader(Checked(prompt, PromptStats.Count), content.Draft is { } draft ? Checked(draft, DraftStats.Count) : null) : null;
        var model = new GainModel(reader, Floats(content.Weak, reader), Floats(content.Strong, reader), content.Examples, content.Counted);
        return model.Version == content.Version ? model : throw Damaged("Its version does not belong to its content");
    }

    /// <summary>Writes what predictions depend on into a hash.</summary>
    internal static void Write(KeyWriter key, GainModel model)
    {
        foreach (var scale in new[] { model.Reader?.PromptScale, model.Reader?.DraftScale })
        {
            foreach (var number in scale is null ? [] : scale.Means.Concat(scale.Deviations))
                key.Number((double?)number);
            key.Tag('/');
        }

        key.Data(Bytes(model.Weak));
        key.Data(Bytes(model.Strong));
    }

    private static Scale Checked(Scale scale, int count) =>
        scale.Means?.Length == count && scale.Deviations?.Length == count && scale.Deviations.All(deviation => deviation > 0) ? scale : throw Damaged("Its scales are not whole");

    private static float[] Floats(byte[]? bytes, FeatureReader? reader)
    {
        var length = reader is null ? 0 : FeatureReader.Length;
        if (bytes?.Length != length * sizeof(float))
            throw Damaged("Its weights are not whole");
        var floats = MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        return Array.TrueForAll(floats, float.IsFinite) ? floats : throw Damaged("A weight is no number");
    }

    private static byte[] Bytes(ReadOnlySpan<float> weights) => MemoryMarshal.AsBytes(weights).ToArray();

    private static InvalidDataException Damaged(string what) => new($"The gain model cannot be loaded. {what}. Fit it again, or take another copy.");

    /// <summary>What the file holds.</summary>
    internal sealed record Content(int Format, string Version, int Examples, int Counted, Scale? Prompt, Scale? Draft, byte[] Weak, byte[] Strong);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GainModelFile.Content))]
internal sealed partial class GainModelJson : JsonSerializerContext;
