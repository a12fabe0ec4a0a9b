package bitween.cli;

import bitween.config.Setting;
import java.util.List;

/** Answers of a daemon, as its tests describe them; single quotes stand for double ones. */
final class Samples {
    static final Setting PORT = new Setting("network.port", List.of("The port."), "0", "0", null, false);
    static final Setting ACTIVE = new Setting("downloads.active", List.of("How many."), "5", "5", "3", true);

    static final String HASH = "a".repeat(40);
    static final String MAGNET = "magnet:?xt=urn:btih:" + HASH + "&dn=Music";

    private Samples() {}

    static String transfer(String kind, String state, String changes) {
        String defaults =
                "'id':3,'kind':'" + kind + "','name':'Music','state':'" + state + "','queuePlace':null,'hash':'" + HASH
                        + "','magnet':'" + MAGNET + "','contentId':'" + "c".repeat(64)
                        + "','sizeBytes':64000000,'files':203,'only':null,'shareFiles':203,'shareBytes':64000000,'priority':'NORMAL','filePriorities':[],'limit':null,'doneBytes':64000000,'percent':100.0,'downloadBytesPerSecond':0,"
                        + "'uploadBytesPerSecond':0,'uploadedBytes':0,'etaSeconds':null,'peers':[],"
                        + "'place':'/home/me/Downloads/Music','audience':"
                        + (kind.equals("SHARE") ? "['everyone']" : "null")
                        + ",'error':null,'since':'2026-03-01T11:00:00Z','finished':null";
        for (String change : changes.isEmpty() ? new String[0] : changes.split(";")) {
            String key = change.substring(0, change.indexOf(':'));
            int at = defaults.indexOf(key + ":");
            int end = defaults.indexOf(",'", at);
            defaults = defaults.substring(0, at) + change + (end < 0 ? "" : defaults.substring(end));
        }
        return "{" + defaults + "}";
    }

    static String downloading() {
        return transfer(
                "JOB",
                "DOWNLOADING",
                "'doneBytes':16000000;'percent':25.0;'downloadBytesPerSecond':1000000;'etaSeconds':48;"
                        + "'peers':[{'contact':'alice@example.org','device':'laptop','address':'192.0.2.1:6881',"
                        + "'down':1000000,'up':0}]");
    }

    static String failed(String kind) {
        return transfer(
                kind,
                "FAILED",
                "'error':{'code':'DISK_FULL','message':'the disk is full','hint':'make room, then: bitween recheck',"
                        + "'since':'2026-03-01T11:00:00Z','retryAt':'2026-03-01T12:00:42Z'}");
    }

    static String got(String transfer, boolean known, String holders) {
        return "{'transfer':" + transfer + ",'known':" + known + ",'holders':[" + holders + "]}";
    }

    static String holder(boolean online) {
        return "{'jid':'alice@example.org','id':'r','name':'laptop','online':" + online + "}";
    }

    static String friend(String jid, boolean online, String changes) {
        return "{'jid':'" + jid + "','name':null,'self':false,'subscription':'BOTH','asked':false,'available':" + online
                + ",'online':" + online + ",'lastSeen':'2026-02-28T20:15:00Z','shares':2,'sizeBytes':64001000,"
                + "'fetched':'2026-03-01T11:02:00Z','devices':[{'id':'r','name':'laptop','online':" + online
                + ",'addresses':" + (online ? "['192.0.2.1:6881','[2001:db8::1]:6881']" : "[]")
                + ",'shares':2,'sizeBytes':64001000,'fetched':null,'failure':null}]" + changes + "}";
    }

    static String share(String name, boolean online) {
        return "{'friend':'alice@example.org','name':'" + name + "','hash':'" + HASH + "','magnet':'" + MAGNET
                + "','contentId':'c','sizeBytes':64000000,'files':203,'online':" + online
                + ",'fetched':'2026-03-01T11:02:00Z','devices':[" + holder(online) + "]}";
    }

    static final String STATUS = "{'xmpp':{'state':'ONLINE','jid':'me@example.org','device':'r-me',"
            + "'server':'example.org','since':'2026-03-01T11:02:00Z','error':null,'retryAt':null},"
            + "'engine':{'port':6881,'backend':'mmap','reason':'libjsig is loaded','error':null},"
            + "'rates':{'down':1200000,'up':0,'friends':[{'jid':'alice@example.org','down':1200000,'up':0}]},'shares':3,'jobs':1,'friendsOnline':2,'friends':5,"
            + "'links':[{'jid':'alice@example.org','id':'aa','name':'desk','path':'DIRECT','since':'2026-03-01T11:02:00Z'},"
            + "{'jid':'bob@example.org','id':'bb','name':'phone','path':'IN_BAND','since':'2026-03-01T11:05:00Z'}],"
            + "'pending':['bob@example.org'],'pausedFriends':['carol@example.org'],'disk':{'directory':'/home/me/Downloads','freeBytes':12300000000},"
            + "'dropped':{'stanzas':0,'connections':9},'messages':{'published':5,'failed':0,'lost':0},'outside':{'mapped':['203.0.113.7:6881'],'seen':['203.0.113.7:6881']},'uptimeSeconds':200,'pid':4711,"
            + "'home':'/home/me/.config/bitween','version':'0.1.0'}";
}
