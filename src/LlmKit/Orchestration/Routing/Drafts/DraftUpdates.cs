using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>Tells in a stream where a draft that was shown ends and another answer begins.</summary>
public static class DraftUpdates
{
    private const string RejectedCode = "llmkit.draft_rejected";

    /// <summary>Gets whether an update takes back all content before it, and what text it has itself: it was a draft, was not accepted, and the answer begins behind it.</summary>
    /// <remarks>Only where <see cref="RouterOptions.StreamDrafts"/> is set. The update holds an <see cref="ErrorContent"/> of its own code; text is in it where a rail had held some back.</remarks>
    /// <param name="update">The update.</param>
    /// <returns>Whether to start anew.</returns>
    public static bool IsDraftRejected(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return update.Contents.Any(content => content is ErrorContent { ErrorCode: RejectedCode });
    }

    /// <summary>Gives that update. It is content, so that rails let go of the draft's text before it, and a message of its own, so that the answer does not become part of the draft's.</summary>
    internal static ChatResponseUpdate Rejected(string model, string id) =>
        new(ChatRole.Assistant, [new ErrorContent("The draft was not accepted. Another answer follows.") { ErrorCode = RejectedCode }]) { MessageId = $"{id}.{model}" };
}
