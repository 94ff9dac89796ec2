using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>Tokens by what they stand for: text, sound or pictures, where a provider tells them apart and the profile has names for it.</summary>
internal static class ModalityTags
{
    // What has no typed member, under the names of LlmKit's adapters and of Microsoft's.
    private static readonly string[] InputAudio = ["InputAudioTokens", "InputTokenDetails.AudioTokenCount"];
    private static readonly string[] OutputAudio = ["OutputAudioTokens", "OutputTokenDetails.AudioTokenCount"];
    private static readonly string[] InputImage = ["InputImageTokens", "InputTokenDetails.ImageTokenCount"];
    private static readonly string[] OutputImage = ["OutputImageTokens", "OutputTokenDetails.ImageTokenCount"];

#pragma warning disable MEAI001 // Read where a provider reports it; the names they are told under are as new.
    public static void Set(Activity span, GenAiNames names, UsageDetails usage)
    {
        if (names.UsageTextInputTokens is null)
            return;
        Set(span, names.UsageTextInputTokens, usage.InputTextTokenCount);
        Set(span, names.UsageTextOutputTokens, usage.OutputTextTokenCount);
        Set(span, names.UsageAudioInputTokens, usage.InputAudioTokenCount ?? Find(usage, InputAudio));
        Set(span, names.UsageAudioOutputTokens, usage.OutputAudioTokenCount ?? Find(usage, OutputAudio));
        Set(span, names.UsageImageInputTokens, Find(usage, InputImage));
        Set(span, names.UsageImageOutputTokens, Find(usage, OutputImage));
    }
#pragma warning restore MEAI001

    private static long? Find(UsageDetails usage, string[] keys)
    {
        if (usage.AdditionalCounts is not { Count: > 0 } counts)
            return null;
        foreach (var key in keys)
        {
            if (counts.TryGetValue(key, out var tokens))
                return tokens;
        }

        return null;
    }

    private static void Set(Activity span, string? name, long? tokens)
    {
        if (name is not null && tokens is { } known)
            span.AddTag(name, Boxes.Of(known));
    }
}
