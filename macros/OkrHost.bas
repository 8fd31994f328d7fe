Attribute VB_Name = "OkrHost"
Option Explicit

' The one door from VBA to Python, the same in Excel and in LibreOffice.
' What people read here stands in the workbook's hidden names okr_text_..., in the workbook's language.

' A second click, while the first still waits for Python, is passed over. A time and not a mark: it ends by itself.
Private busyUntil As Date

Public Sub CallPython(ByVal command As String)
    If Now < busyUntil Then Exit Sub
    On Error GoTo Unexpected
    busyUntil = Now + TimeSerial(0, 0, 20)
    If CanCallPython() Then
        If IsLibreOffice() Then
            RunInLibreOffice command
        Else
            RunInExcel command
        End If
    End If
    busyUntil = 0
    Exit Sub
Unexpected:
    busyUntil = 0
    TellWith "unexpected", Err.Description
End Sub

Private Function CanCallPython() As Boolean
    If ThisWorkbook.Path = "" Then
        Tell "save_first"
    ElseIf HasAny(ThisWorkbook.Name, "=|""" & OnMac("$`\")) Then
        Tell "rename_first"
    ElseIf HasAny(ThisWorkbook.Path, "|""" & OnMac("`")) Then
        Tell "move_first"
    Else
        CanCallPython = True
    End If
End Function

' Excel for the Mac hands names to a shell, where these characters do not stand for themselves.
Private Function OnMac(ByVal characters As String) As String
    If IsLibreOffice() Then Exit Function
    If InStr(Application.OperatingSystem, "Macintosh") > 0 Then OnMac = characters
End Function

' LibreOffice says that it is version 11; the oldest Excel that reads this kind of workbook is version 12.
Private Function IsLibreOffice() As Boolean
    IsLibreOffice = Val(Application.Version) < 12
End Function

Public Sub Tell(ByVal key As String)
    TellWith key, ""
End Sub

' LibreOffice does not accept that an optional text is left out.
Public Sub TellWith(ByVal key As String, ByVal detail As String)
    Dim message As String
    message = Words(key) & vbCrLf & vbCrLf & Words(key & "_advice")
    If detail <> "" Then message = message & vbCrLf & vbCrLf & detail
    MsgBox message, vbExclamation, Words("title")
End Sub

' A hidden name holds its words as a formula: ="...", quotes doubled. Where somebody removed the hidden names, the key
' itself is shown: what says that something went wrong must not fail.
Private Function Words(ByVal key As String) As String
    Dim formula As String
    Words = key
    On Error GoTo Removed
    formula = ThisWorkbook.Names("okr_text_" & key).RefersTo
    Words = Replace(Mid(formula, 3, Len(formula) - 3), """""", """")
Removed:
End Function

Private Function HasAny(ByVal text As String, ByVal characters As String) As Boolean
    Dim place As Integer
    For place = 1 To Len(characters)
        If InStr(text, Mid(characters, place, 1)) > 0 Then HasAny = True
    Next place
End Function
