package bitween.testing.xmppserver;

/** What an element holds. */
sealed interface Node permits Element, Node.Text {

    record Text(String value) implements Node {}
}
