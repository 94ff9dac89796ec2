using Microsoft.Extensions.AI;
using Sdk = OpenAI.Chat;

namespace LlmKit.OpenAI.Requests;

/// <summary>Turns what a message holds into parts: text, images, audio, files.</summary>
internal static class MessageParts
{
    internal static List<Sdk.ChatMessageContentPart> Of(IEnumerable<AIContent> contents) =>
        [.. contents.Select(Of).OfType<Sdk.ChatMessageContentPart>()];

    private static Sdk.ChatMessageContentPart? Of(AIContent content) => content switch
    {
        TextContent text => Sdk.ChatMessageContentPart.CreateTextPart(text.Text),
        UriContent uri when uri.HasTopLevelMediaType("image") => Sdk.ChatMessageContentPart.CreateImagePart(uri.Uri, DetailOf(uri)),
        UriContent uri => throw Unsupported(uri.MediaType, "by address. Send its bytes as DataContent"),
        DataContent data => OfBytes(data),
        HostedFileContent file => Sdk.ChatMessageContentPart.CreateFilePart(file.FileId),
        // Only where nothing else says what it is: a raw part beside a typed content may be older than what a stage made of it.
        { RawRepresentation: Sdk.ChatMessageContentPart raw } when content.GetType() == typeof(AIContent) => raw,
        _ => null,
    };

    private static Sdk.ChatMessageContentPart OfBytes(DataContent data)
    {
        var bytes = BinaryData.FromBytes(data.Data);
        if (data.HasTopLevelMediaType("image"))
            return Sdk.ChatMessageContentPart.CreateImagePart(bytes, data.MediaType, DetailOf(data));
        if (data.HasTopLevelMediaType("audio"))
            return Sdk.ChatMessageContentPart.CreateInputAudioPart(bytes, AudioFormatOf(data.MediaType));
        if (data.HasTopLevelMediaType("video"))
            throw Unsupported(data.MediaType, "at all. Leave it out or send images");
        return Sdk.ChatMessageContentPart.CreateFilePart(bytes, data.MediaType, data.Name ?? "file" + Extension(data.MediaType));
    }

    private static Sdk.ChatInputAudioFormat AudioFormatOf(string mediaType) => mediaType switch
    {
        "audio/wav" or "audio/x-wav" or "audio/wave" or "audio/vnd.wave" => Sdk.ChatInputAudioFormat.Wav,
        "audio/mpeg" or "audio/mp3" => Sdk.ChatInputAudioFormat.Mp3,
        _ => throw Unsupported(mediaType, "as audio. Send WAV or MP3"),
    };

    private static Sdk.ChatImageDetailLevel? DetailOf(AIContent image) =>
        KnownProperties.Text(image.AdditionalProperties, KnownProperties.Detail) is { } detail
            ? new Sdk.ChatImageDetailLevel(detail)
            : default(Sdk.ChatImageDetailLevel?);

    private static string Extension(string mediaType) => mediaType == "application/pdf" ? ".pdf" : "";

    // Dropping it would let the model answer about something that it never saw.
    private static NotSupportedException Unsupported(string mediaType, string howAndRemedy) =>
        new($"OpenAI's chat completions do not take '{mediaType}' {howAndRemedy}.");
}
