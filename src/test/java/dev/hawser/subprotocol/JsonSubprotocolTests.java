package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.Clients;
import dev.hawser.api.Frame;
import dev.hawser.api.Permission;
import dev.hawser.api.Target;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conversations with a client of {@code json.webpubsub.azure.v1} on the wire. An apostrophe stands for a quotation mark. */
class JsonSubprotocolTests {
	private static final String JOIN = "webpubsub.joinLeaveGroup";
	private static final String SEND = "webpubsub.sendToGroup";
	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.start(GroupCallbacks.class);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void greetsAndAnswersPing() throws Exception {
		try (JsonPeer ann = JsonPeer.connect(server, "ann")) {
			assertThat(ann.connectionId).isNotEmpty();
			assertThat(ann.send("{'type':'ping'}").text()).isEqualTo("{'type':'pong'}");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{'type':'joinGroup','group':'g','ackId':1}                                    | {'type':'ack','ackId':1,'success':true}
			{'ackId':18446744073709551615,'group':'g.1','type':'JOINGROUP'}               | {'type':'ack','ackId':18446744073709551615,'success':true}
			{'type':'leaveGroup','group':'never joined','ackId':0}                        | {'type':'ack','ackId':0,'success':true}
			{'type':'sendToGroup','group':'empty','data':1,'ackId':2}                     | {'type':'ack','ackId':2,'success':true}
			{'type':'event','event':'none','data':{'a':1},'ackId':3}                      | {'type':'ack','ackId':3,'success':true}
			{'type':'event','event':'throw','data':'x','dataType':'text','ackId':4}       | {'type':'ack','ackId':4,'success':false,'error':{'name':'InternalServerError','message':'Internal server error'}}
			{'type':'event','event':'broken','data':1,'ackId':5}                          | {'type':'ack','ackId':5,'success':false,'error':{'name':'InternalServerError','message':'Internal server error'}}
			{'type':'event','event':'text','data':1}                                      | {'type':'message','from':'server','dataType':'text','data':'a \\'text\\'\\n'}
			{'type':'event','event':'bytes','data':1}                                     | {'type':'message','from':'server','dataType':'binary','data':'AQID'}
			{'type':'event','event':'json','data':1}                                      | {'type':'message','from':'server','dataType':'json','data':{'a': [1]},'metadata':{'k':'v'}}
			{'type':'event','event':'echo','data':'AAEC','dataType':'binary'}             | {'type':'message','from':'server','dataType':'binary','data':'AAEC'}
			{'type':'event','event':'echo','data':[ 1,{'b' : null} ]}                     | {'type':'message','from':'server','dataType':'json','data':[ 1,{'b' : null} ]}
			{'type':'event','event':'echo','data':'s\\u00e4','dataType':'json'}           | {'type':'message','from':'server','dataType':'json','data':'s\\u00e4'}
			{'type':'event','event':'echo','data':'s\\u00e4','dataType':'text'}           | {'type':'message','from':'server','dataType':'text','data':'sä'}
			{'dataType':'text','type':'event','event':'echo','data':'x'}                  | {'type':'message','from':'server','dataType':'text','data':'x'}
			{'type':'event','event':'echo','metadata':{'a':'b'}}                          | {'type':'message','from':'server','dataType':'text','data':'','metadata':{'a':'b'}}
			{'type':'event','event':'echo','data':-1.5e3 }                                | {'type':'message','from':'server','dataType':'json','data':-1.5e3}
			{'type':'event','event':'echo','data':true,'more':[{'x':'y'}]}                | {'type':'message','from':'server','dataType':'json','data':true}
			{'type':'invoke','invocationId':'7','target':'event','event':'text','data':1} | {'type':'invokeResponse','invocationId':'7','success':true,'dataType':'text','data':'a \\'text\\'\\n'}
			{'type':'invoke','invocationId':'7','target':'event','event':'json'}          | {'type':'invokeResponse','invocationId':'7','success':true,'dataType':'json','data':{'a': [1]},'metadata':{'k':'v'}}
			{'type':'invoke','invocationId':'ä','target':'event','event':'none'}          | {'type':'invokeResponse','invocationId':'ä','success':true}
			{'type':'invoke','invocationId':'7','target':'event','event':'throw'}         | {'type':'invokeResponse','invocationId':'7','success':false,'error':{'name':'InternalServerError','message':'Internal server error'}}
			{'type':'invoke','invocationId':'7','target':'event','event':'twice'}         | {'type':'invokeResponse','invocationId':'7','success':true,'dataType':'text','data':'first'}
			{'type':'cancelInvocation','invocationId':'7'}                                | {'type':'pong'}
			{'type':'sequenceAck','sequenceId':1}                                         | {'type':'pong'}
			{'type':'event','event':'throw','data':1}                                     | {'type':'pong'}
			""")
	void answersEachRequest(String request, String answer) throws Exception {
		try (JsonPeer ann = JsonPeer.connect(server, "ann", JOIN, SEND)) {
			assertThat(ann.send(request).send("{'type':'ping'}").text()).isEqualTo(answer);
			if (!answer.contains("pong")) {
				assertThat(ann.text()).isEqualTo("{'type':'pong'}");
			}
		}
	}

	@Test
	void sendsTheAnswerBeforeTheAck() throws Exception {
		try (JsonPeer ann = JsonPeer.connect(server, "ann")) {
			ann.send("{'type':'event','event':'twice','data':1,'ackId':1}");
			assertThat(ann.text()).contains("'data':'first'");
			assertThat(ann.text()).contains("'data':'second'");
			assertThat(ann.text()).contains("'data':'Sent[]'");
			assertThat(ann.text()).isEqualTo("{'type':'ack','ackId':1,'success':true}");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			JSON         | x
			JSON         | ``
			JSON         | []
			JSON         | 'ping'
			JSON         | {'type':'ping'
			JSON         | {'type':'ping'}}
			JSON         | {'type':'ping'} {'type':'ping'}
			JSON         | {'type':'ping',}
			JSON         | {type:'ping'}
			JSON         | {'type':'ping','a':01}
			JSON         | {'type':'ping','a':NaN}
			JSON         | {'type':'ping','a':'\\x'}
			JSON         | {'type':'joinGroup','group':'\\ud800'}
			TWICE        | {'type':'ping','type':'ping'}
			TWICE        | {'type':'joinGroup','group':'a','group':'b'}
			TWICE        | {'type':'event','event':'e','metadata':{'a':'b','a':'c'}}
			TWICE        | {'type':'event','event':'e','data':1,'metadata':{'a':'b','A':'c'}}
			TYPE         | {}
			TYPE         | {'type':null}
			TYPE         | {'type':1}
			TYPE         | {'type':''}
			TYPE         | {'type':'join'}
			TYPE         | {'type':'invokeResponse','invocationId':'1','success':true}
			TYPE         | {'type':'streamData','streamId':'1'}
			ACK_ID       | {'type':'joinGroup','group':'g','ackId':'1'}
			ACK_ID       | {'type':'joinGroup','group':'g','ackId':-1}
			ACK_ID       | {'type':'joinGroup','group':'g','ackId':1.0}
			ACK_ID       | {'type':'joinGroup','group':'g','ackId':1e2}
			ACK_ID       | {'type':'joinGroup','group':'g','ackId':18446744073709551616}
			ACK_ID       | {'type':'joinGroup','group':'g','ackId':true}
			ACK_ID       | {'type':'ping','ackId':{}}
			GROUP        | {'type':'joinGroup'}
			GROUP        | {'type':'joinGroup','group':null}
			GROUP        | {'type':'joinGroup','group':1}
			GROUP        | {'type':'joinGroup','group':''}
			GROUP        | {'type':'leaveGroup','group':' '}
			GROUP        | {'type':'joinGroup','group':'.'}
			GROUP        | {'type':'joinGroup','group':'..'}
			GROUP        | {'type':'sendToGroup','group':'..','data':1}
			GROUP        | {'type':'joinGroup','group':'a\\u0000'}
			GROUP        | {'type':'joinGroup','group':'a\\tb'}
			GROUP        | {'type':'joinGroup','group':'\\u0085'}
			GROUP        | {'type':'sendToGroup','data':1}
			EVENT        | {'type':'event','data':1}
			EVENT        | {'type':'event','event':'','data':1}
			EVENT        | {'type':'event','event':'1a','data':1}
			EVENT        | {'type':'event','event':'a b','data':1}
			EVENT        | {'type':'event','event':'ä','data':1}
			EVENT        | {'type':'event','event':['a'],'data':1}
			DATA         | {'type':'event','event':'e'}
			DATA         | {'type':'event','event':'e','data':null}
			DATA         | {'type':'event','event':'e','dataType':'text','data':1}
			DATA         | {'type':'event','event':'e','data':{},'dataType':'text'}
			DATA         | {'type':'event','event':'e','dataType':'binary','data':'A'}
			DATA         | {'type':'event','event':'e','dataType':'binary','data':'AA'}
			DATA         | {'type':'event','event':'e','dataType':'binary','data':'A*=='}
			DATA         | {'type':'event','event':'e','dataType':'binary','data':[1]}
			DATA         | {'type':'sendToGroup','group':'g'}
			DATA_TYPE    | {'type':'event','event':'e','data':'AA==','dataType':'protobuf'}
			DATA_TYPE    | {'type':'event','event':'e','data':1,'dataType':null}
			DATA_TYPE    | {'type':'event','event':'e','data':1,'dataType':'xml'}
			METADATA     | {'type':'event','event':'e','data':1,'metadata':[]}
			METADATA     | {'type':'event','event':'e','data':1,'metadata':{'a':1}}
			METADATA     | {'type':'event','event':'e','data':1,'metadata':{'a b':'c'}}
			METADATA     | {'type':'event','event':'e','data':1,'metadata':{'a':'\\r\\nb'}}
			NO_ECHO      | {'type':'sendToGroup','group':'g','data':1,'noEcho':1}
			NO_ECHO      | {'type':'sendToGroup','group':'g','data':1,'noEcho':null}
			TTL          | {'type':'sendToGroup','group':'g','data':1,'ttlSeconds':301}
			TTL          | {'type':'sendToGroup','group':'g','data':1,'ttlSeconds':-1}
			TTL          | {'type':'sendToGroup','group':'g','data':1,'ttlSeconds':'1'}
			SEQUENCE_ID  | {'type':'sequenceAck'}
			SEQUENCE_ID  | {'type':'sequenceAck','sequenceId':'1'}
			INVOCATION   | {'type':'invoke','target':'event','event':'e'}
			INVOCATION   | {'type':'invoke','invocationId':'','target':'event','event':'e'}
			INVOCATION   | {'type':'invoke','invocationId':1,'target':'event','event':'e'}
			INVOCATION   | {'type':'invoke','invocationId':'1','event':'e'}
			INVOCATION   | {'type':'invoke','invocationId':'1','target':'group','event':'e'}
			INVOCATION   | {'type':'cancelInvocation'}
			""")
	void closesWith1007WhenAMessageIsNoRequest(Wrong wrong, String message) throws Exception {
		try (JsonPeer ann = JsonPeer.connect(server, "ann", JOIN, SEND)) {
			ann.send(message);
			assertThat(ann.text()).isEqualTo("{'type':'system','event':'disconnected','message':'" + wrong.reason() + "'}");
			ReceivedFrame close = ann.frame();
			assertThat(close.opcode()).isEqualTo(8);
			assertThat(close.payload()).startsWith(1007 >> 8, 1007 & 0xFF);
			assertThat(new String(close.payload(), 2, close.payload().length - 2, StandardCharsets.UTF_8))
					.isEqualTo(wrong.reason());
		}
	}

	@Test
	void closesWith1003ForABinaryMessage() throws Exception {
		try (JsonPeer ann = JsonPeer.connect(server, "ann")) {
			ann.raw().send(RawFrame.binary(new byte[] { '{', '}' }));
			assertThat(ann.text()).contains("disconnected");
			assertThat(ann.text()).isEqualTo("close 1003");
		}
	}

	@Test
	void readsNeitherDeepNorEndlessJson() throws Exception {
		for (String data : new String[] { "[".repeat(70) + "]".repeat(70), "1".repeat(1001), "{\"" + "n".repeat(10_001) + "\":1}" }) {
			try (JsonPeer ann = JsonPeer.connect(server, "ann")) {
				ann.sendAsItIs("{\"type\":\"event\",\"event\":\"echo\",\"data\":" + data + "}");
				assertThat(ann.text()).contains("limit on JSON");
			}
		}
		try (JsonPeer ann = JsonPeer.connect(server, "ann")) {
			String deep = "[".repeat(60) + "]".repeat(60);
			assertThat(ann.send("{'type':'event','event':'echo','data':" + deep + "}").text()).contains(deep);
			String name = "g".repeat(1024);
			assertThat(ann.send("{'type':'joinGroup','group':'" + name + "','ackId':1}").text()).contains("Forbidden");
			assertThat(ann.send("{'type':'joinGroup','group':'" + name + "g'}").text()).contains("group is no name");
		}
	}

	@Test
	void passesGroupMessagesToJsonAndRawClientsAndNotToTheSenderIfItSaysSo() throws Exception {
		try (JsonPeer ann = JsonPeer.connect(server, "ann", JOIN, SEND);
				JsonPeer bob = JsonPeer.connect(server, "bob", JOIN);
				RawClient raw = RawClient.connect(server.port()).upgrade("/ws?join=room")) {
			assertThat(ann.send("{'type':'joinGroup','group':'room','ackId':1}").text()).contains("true");
			assertThat(bob.send("{'type':'joinGroup','group':'room','ackId':1}").text()).contains("true");
			ann.send("{'type':'sendToGroup','group':'room','dataType':'text','data':'hi','ackId':2,'metadata':{'m':'1'}}");
			String message = "{'type':'message','from':'group','group':'room','fromUserId':'ann','dataType':'text','data':'hi','metadata':{'m':'1'}}";
			assertThat(ann.text()).isEqualTo(message);
			assertThat(ann.text()).isEqualTo("{'type':'ack','ackId':2,'success':true}");
			assertThat(bob.text()).isEqualTo(message);
			assertThat(raw.message().text()).isEqualTo("hi");
			ann.send("{'type':'sendToGroup','group':'room','data':{'x':1},'noEcho':true,'ackId':3}");
			assertThat(ann.text()).isEqualTo("{'type':'ack','ackId':3,'success':true}");
			assertThat(bob.text()).contains("'dataType':'json','data':{'x':1}");
			assertThat(raw.message().text()).isEqualTo("{\"x\":1}");
			ann.send("{'type':'sendToGroup','group':'room','data':'AQI=','dataType':'binary','noEcho':true}");
			assertThat(bob.text()).contains("'dataType':'binary','data':'AQI='");
			assertThat(raw.message().payload()).containsExactly(1, 2);
			assertThat(bob.send("{'type':'leaveGroup','group':'room','ackId':2}").text()).contains("true");
			ann.send("{'type':'sendToGroup','group':'room','data':1,'noEcho':true}");
			assertThat(raw.message().text()).isEqualTo("1");
			assertThat(bob.send("{'type':'ping'}").text()).as("nothing after leaving").contains("pong");
			server.bean(Clients.class).send(Target.group("default", "room"), Frame.text("from outside"));
			assertThat(ann.text()).isEqualTo(
					"{'type':'message','from':'group','group':'room','fromUserId':null,'dataType':'text','data':'from outside'}");
		}
	}

	@Test
	void carriesOutARequestOnceOnly() throws Exception {
		try (JsonPeer ann = JsonPeer.connect(server, "ann", JOIN, SEND)) {
			assertThat(ann.send("{'type':'event','event':'throw','data':1,'ackId':5}").text()).contains("InternalServerError");
			assertThat(ann.send("{'type':'event','event':'none','data':1,'ackId':5}").text()).as("it has failed, and is tried again")
					.isEqualTo("{'type':'ack','ackId':5,'success':true}");
			assertThat(ann.send("{'type':'event','event':'none','data':1,'ackId':5}").text())
					.contains("'success':false,'error':{'name':'Duplicate'");
			assertThat(ann.send("{'type':'joinGroup','group':'g','ackId':5}").text()).as("an ackId is for all types").contains("Duplicate");
			assertThat(ann.send("{'type':'joinGroup','group':'g','ackId':4}").text()).contains("true");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			                                       | joinGroup   | room   | false
			webpubsub.joinLeaveGroup               | joinGroup   | room   | true
			webpubsub.joinLeaveGroup               | sendToGroup | room   | false
			webpubsub.joinLeaveGroup.room          | leaveGroup  | room   | true
			webpubsub.joinLeaveGroup.room          | joinGroup   | room2  | false
			webpubsub.sendToGroup                  | joinGroup   | room   | false
			webpubsub.sendToGroup                  | sendToGroup | a.b.c  | true
			webpubsub.sendToGroup.a.b              | sendToGroup | a.b    | true
			webpubsub.joinLeaveGroups.room-*       | joinGroup   | room-1 | true
			webpubsub.joinLeaveGroups.room-*       | joinGroup   | room-1.a | false
			webpubsub.joinLeaveGroups.**           | joinGroup   | room-1.a | true
			webpubsub.sendToGroups.room.?          | sendToGroup | room.1 | true
			webpubsub.sendToGroups.room.?          | joinGroup   | room.1 | false
			webpubsub.JoinLeaveGroup               | joinGroup   | room   | false
			""")
	void letsAClientDoWhatItsRolesSay(String role, String type, String group, boolean allowed) throws Exception {
		String[] roles = role == null ? new String[0] : new String[] { role };
		try (JsonPeer ann = JsonPeer.connect(server, "ann", roles)) {
			ann.send("{'type':'" + type + "','group':'" + group + "','data':1,'ackId':1}");
			assertThat(ann.text()).contains(allowed ? "'success':true" : "'success':false,'error':{'name':'Forbidden'");
		}
	}

	@Test
	void heedsPermissionsThatChangeWhileItIsConnected() throws Exception {
		Clients clients = server.bean(Clients.class);
		try (JsonPeer ann = JsonPeer.connect(server, "ann")) {
			Target.Connection target = Target.connection(ann.connectionId);
			assertThat(ann.send("{'type':'joinGroup','group':'g','ackId':1}").text()).contains("Forbidden");
			clients.permit(target, Permission.joinLeaveGroup("g"));
			assertThat(ann.send("{'type':'joinGroup','group':'g','ackId':1}").text()).contains("true");
			clients.forbid(target, Permission.joinLeaveGroup("g"));
			assertThat(ann.send("{'type':'leaveGroup','group':'g','ackId':2}").text()).contains("Forbidden");
		}
	}

	@Test
	void saysGoodByeBeforeTheServerCloses() throws Exception {
		try (JsonPeer ann = JsonPeer.connect(server, "ann")) {
			ann.send("{'type':'event','event':'bye','dataType':'text','data':'leave'}");
			assertThat(ann.text()).isEqualTo("{'type':'system','event':'disconnected','message':'so be it'}");
			assertThat(ann.text()).isEqualTo("close 4000");
		}
		try (JsonPeer bob = JsonPeer.connect(server, "bob")) {
			bob.raw().send(RawFrame.close(1000, ""));
			assertThat(bob.text()).as("not when the client closes").isEqualTo("close 1000");
		}
	}

	@Test
	void tellsTheCallbackWhatTheClientSent() throws Exception {
		try (JsonPeer ann = JsonPeer.connect(server, "ann")) {
			ann.send("{'type':'event','event':'Draw.Line','data':{'x':1},'metadata':{'a':'b'},'ackId':1}").text();
			Frame frame = GroupCallbacks.frame("Draw.Line");
			assertThat(frame.event()).isEqualTo("Draw.Line");
			assertThat(frame.text()).isEqualTo("{\"x\":1}");
			assertThat(frame.metadata()).isEqualTo(Map.of("a", "b"));
			assertThat(frame.isReceived()).isTrue();
		}
	}
}
