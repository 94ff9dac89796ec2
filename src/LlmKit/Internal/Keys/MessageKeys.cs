using Microsoft.Extensions.AI;

namespace LlmKit.Internal.Keys;

/// <summary>Hashes messages by what a model sees of them: ids, times and usage do not count.</summary>
internal static class MessageKeys
{
    /// <summary>Writes a message without the texts that are compared by similarity.</summary>
    /// <param name="key">The key.</param>
    /// <param name="message">The message.</param>
    /// <param name="withTexts">Whether its plain texts are part of the key.</param>
    public static void Write(KeyWriter key, ChatMessage message, bool withTexts)
    {
        key.Tag('m');
        key.Text(message.Role.Value);
        key.Text(message.AuthorName);
        ValueKeys.WriteProperties(key, message.AdditionalProperties);
        var contents = message.Contents;
        for (var i = 0; i < contents.Count; i++)
            Write(key, contents[i], withTexts);
        key.Tag('/');
    }

    /// <summary>Writes the plain texts that <see cref="Write(KeyWriter, ChatMessage, bool)"/> left out.</summary>
    public static void WriteTexts(KeyWriter key, ChatMessage message)
    {
        var contents = message.Contents;
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is not TextContent text)
                continue;
            key.Tag('t');
            key.Text(text.Text);
        }
    }

    /// <summary>Writes contents that stand outside of messages, such as what a tool is given.</summary>
    public static void Write(KeyWriter key, IEnumerable<AIContent>? contents)
    {
        key.Tag('i');
        foreach (var content in contents ?? [])
            Write(key, content, withTexts: true);
        key.Tag('/');
    }

    private static void Write(KeyWriter key, AIContent content, bool withTexts)
    {
        switch (content)
        {
            case TextContent text:
                key.Tag('t');
                if (withTexts)
                    key.Text(text.Text);
                break;
            case UsageContent:
                return;
            default:
                WriteOther(key, content);
                break;
        }

        ValueKeys.WriteProperties(key, content.AdditionalProperties);
        if (content.Annotations is { Count: > 0 } annotations)
            WriteAnnotations(key, annotations);
    }

    private static void WriteOther(KeyWriter key, AIContent content)
    {
        switch (content)
        {
            case TextReasoningContent reasoning:
                key.Tag('r');
                key.Text(reasoning.Text);
                key.Text(reasoning.ProtectedData);
                break;
            case DataContent data:
                key.Tag('d');
                key.Text(data.MediaType);
                key.Text(data.Name);
                key.Data(data.Data.Span);
                break;
            case UriContent uri:
                key.Tag('u');
                key.Text(uri.Uri.OriginalString);
                key.Text(uri.MediaType);
                break;
            case HostedFileContent file:
                key.Tag('h');
                key.Text(file.FileId);
                key.Fail("a file that the provider keeps");
                break;
            case HostedVectorStoreContent store:
                key.Tag('v');
                key.Text(store.VectorStoreId);
                key.Fail("a file that the provider keeps");
                break;
            case ErrorContent error:
                key.Tag('e');
                key.Text(error.Message);
                key.Text(error.ErrorCode);
                key.Text(error.Details);
                break;
            default:
                WriteTool(key, content);
                break;
        }
    }

    private static void WriteTool(KeyWriter key, AIContent content)
    {
        switch (content)
        {
            case FunctionCallContent call:
                key.Tag('c');
                key.Text(call.CallId);
                key.Text(call.Name);
                ValueKeys.WriteJsonLike(key, call.Arguments);
                break;
            case FunctionResultContent result:
                key.Tag('x');
                key.Text(result.CallId);
                ValueKeys.WriteJsonLike(key, result.Result);
                break;
            default:
                ValueKeys.WriteUnknown(key, content, typeof(AIContent));
                key.Fail("a content of an unknown kind");
                break;
        }
    }

    private static void WriteAnnotations(KeyWriter key, IList<AIAnnotation> annotations)
    {
        key.Tag('@');
        foreach (var annotation in annotations)
        {
            if (annotation is not CitationAnnotation citation)
            {
                key.Fail("an annotation of an unknown kind");
                return;
            }

            key.Tag('q');
            key.Text(citation.Title);
            key.Text(citation.Url?.OriginalString);
            key.Text(citation.FileId);
            key.Text(citation.ToolName);
            key.Text(citation.Snippet);
        }
    }
}
