namespace LlmKit;

/// <summary>Where a rule looks.</summary>
[Flags]
public enum Rail
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>At what users, the application and earlier turns say to the model: instructions, messages, names of authors and files, text files, addresses of attachments, arguments of earlier tool calls.</summary>
    Input = 1,

    /// <summary>At the text, the reasoning and the errors of the answer, also when it comes from a cache.</summary>
    Output = 2,

    /// <summary>At retrieved documents, see <see cref="LlmContent.Retrieved"/>.</summary>
    Retrieved = 4,

    /// <summary>At what tools gave back.</summary>
    ToolResult = 8,

    /// <summary>At the tool calls of the answer, before anybody runs them.</summary>
    ToolCall = 16,

    /// <summary>At what strangers may have written: retrieved documents and what tools gave back.</summary>
    Untrusted = Retrieved | ToolResult,

    /// <summary>At all that goes to the model.</summary>
    Request = Input | Retrieved | ToolResult,

    /// <summary>At all texts on their way in and out, but not at the answer's tool calls.</summary>
    Texts = Request | Output,

    /// <summary>Everywhere.</summary>
    All = Texts | ToolCall,
}
