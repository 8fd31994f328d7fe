Attribute VB_Name = "OkrHost"
Option Explicit

' The one door from VBA to Python, the same in Excel and in LibreOffice.
' What people read here stands in the workbook's hidden names okr_text_..., in the workbook's language.

Public Sub CallPython(ByVal command As String)
    On Error GoTo Unexpected
    If Not CanCallPython() Then Exit Sub
    If IsLibreOffice() Then
        RunInLibreOffice command
    Else
        RunInExcel command
    End If
    Exit Sub
Unexpected:
    TellWith "unexpected", Err.Description
End Sub

Private Function CanCallPython() As Boolean
    If ThisWorkbook.Path = "" Then
        Tell "save_first"
    ElseIf HasAny(ThisWorkbook.Name, "=|""") Then
        Tell "rename_first"
    Else
        CanCallPython = True
    End If
End Function

' RunPython comes with the xlwings add-in. Called by its name, so that this project compiles without the add-in.
' It waits for Python on Windows and then gives -1 where Python did not run; on macOS it does not wait.
Private Sub RunInExcel(ByVal command As String)
    Dim outcome As Variant
    On Error GoTo NoAddIn
    outcome = Application.Run("RunPython", command)
    On Error GoTo 0
    If outcome = -1 Then Tell "python_failed"
    Exit Sub
NoAddIn:
    Tell "no_addin"
End Sub

' "okr setup" notes the Python to start, and has LibreOffice listen for its answer.
Private Sub RunInLibreOffice(ByVal command As String)
    Dim interpreter As String, answer As String
    interpreter = LineOf(OwnFile("interpreter.txt"))
    If interpreter = "" Then
        Tell "no_setup"
        Exit Sub
    End If
    answer = OwnFile("libreoffice.answer")
    If Dir(answer) <> "" Then Kill answer
    On Error GoTo NoPython
    Shell Quoted(interpreter) & " -m okr_workbook.excel.libreoffice_run " & Quoted(command) & " " & _
        Quoted("--wb=" & ThisWorkbook.Path & "/" & ThisWorkbook.Name) & " --from_xl=1", 0
    On Error GoTo 0
    WaitFor answer
    If Dir(answer) = "" Then GoTo NoPython
    If LineOf(answer) <> "connected" Then Tell LineOf(answer)
    Exit Sub
NoPython:
    Tell "python_failed"
End Sub

' Python answers as soon as it has reached LibreOffice, or knows why it cannot.
Private Sub WaitFor(ByVal file As String)
    Dim deadline As Date
    deadline = Now + TimeSerial(0, 0, 20)
    Do While Dir(file) = "" And Now < deadline
        DoEvents
    Loop
End Sub

Private Function LineOf(ByVal file As String) As String
    Dim text As String
    If Dir(file) = "" Then Exit Function
    Open file For Input As #1
    Line Input #1, text
    Close #1
    LineOf = text
End Function

Private Function OwnFile(ByVal name As String) As String
    Dim home As String
    home = Environ("HOME")
    If home = "" Then home = Environ("USERPROFILE")
    OwnFile = home & "/.okr_workbook/" & name
End Function

' LibreOffice says that it is version 11; the oldest Excel that reads this kind of workbook is version 12.
Private Function IsLibreOffice() As Boolean
    IsLibreOffice = Val(Application.Version) < 12
End Function

Private Sub Tell(ByVal key As String)
    TellWith key, ""
End Sub

' LibreOffice does not accept that an optional text is left out.
Private Sub TellWith(ByVal key As String, ByVal detail As String)
    Dim message As String
    message = Words(key) & vbCrLf & vbCrLf & Words(key & "_advice")
    If detail <> "" Then message = message & vbCrLf & vbCrLf & detail
    MsgBox message, vbExclamation, Words("title")
End Sub

' A hidden name holds its words as a formula: ="...", quotes doubled.
Private Function Words(ByVal key As String) As String
    Dim formula As String
    formula = ThisWorkbook.Names("okr_text_" & key).RefersTo
    Words = Replace(Mid(formula, 3, Len(formula) - 3), """""", """")
End Function

Private Function Quoted(ByVal text As String) As String
    Quoted = """" & text & """"
End Function

Private Function HasAny(ByVal text As String, ByVal characters As String) As Boolean
    Dim place As Integer
    For place = 1 To Len(characters)
        If InStr(text, Mid(characters, place, 1)) > 0 Then HasAny = True
    Next place
End Function
