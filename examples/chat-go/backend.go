package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

func env(name, usual string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return usual
}

// sendToAll calls the push API, with a token that the shared key signs.
func sendToAll(text string) error {
	target := env("PUSH_URL", "http://127.0.0.1:9502") + "/api/hubs/default/:send"
	claims, _ := json.Marshal(map[string]any{"aud": target, "exp": time.Now().Add(time.Minute).Unix()})
	signed := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256"}`)) + "." + base64.RawURLEncoding.EncodeToString(claims)
	mac := hmac.New(sha256.New, []byte(env("PUSH_KEY", "example-key-for-your-own-machine-only")))
	mac.Write([]byte(signed))
	request, err := http.NewRequest("POST", target, strings.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+signed+"."+base64.RawURLEncoding.EncodeToString(mac.Sum(nil)))
	request.Header.Set("Content-Type", "text/plain")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		user, _ := url.PathUnescape(r.Header.Get("ce-userId"))
		switch r.Header.Get("ce-eventName") {
		case "connect":
			var client struct{ Query url.Values }
			if err := json.NewDecoder(r.Body).Decode(&client); err != nil || client.Query.Get("name") == "" {
				http.Error(w, "Say your name: ?name=ann", http.StatusUnauthorized)
				return
			}
			json.NewEncoder(w).Encode(map[string]string{"userId": client.Query.Get("name")})
		case "connected":
			log.Println(user, "is here")
		case "message":
			text, _ := io.ReadAll(r.Body)
			if err := sendToAll(user + ": " + string(text)); err != nil {
				http.Error(w, "", http.StatusBadGateway)
				return
			}
			w.WriteHeader(http.StatusNoContent)
		case "disconnected":
			log.Println(user, "has left")
		default: // the page, and the handler check
			w.Header().Set("WebHook-Allowed-Origin", "*")
			http.ServeFile(w, r, "../chat.html")
		}
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+append(os.Args, "8080")[1], nil))
}
